-- How many posts of the public each rumour on the board gained in every five minutes of the two hours before $now.
-- `age` counts the five-minute steps back from $now: 0 is the newest.
with on_board as (
    select distinct rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced' and known_at <= $as_of
        and ($rumour is null or rumour = $rumour)),
carried as (
    select j.rumour, j.created_at, bool_or(j.official) over (partition by j.flow) as of_officials
    from judged_posts($incident, $as_of) j
    join on_board b on b.rumour = j.rumour)
select j.rumour, greatest(0, date_diff('second', j.created_at, $now::timestamp) // 300) as age, count(*) as posts
from carried j
where not j.of_officials and j.created_at > $now::timestamp - interval 2 hours
group by all
order by all
