-- Dated posts of the public in every rumour on the board of an incident, by minute and stance, as known at a moment: what
-- `rumour_minutes` tells of one. What officials post, and what copies it, is no vote.
with on_board as (
    select distinct rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced' and known_at <= $as_of),
of_officials as (
    select distinct f.flow
    from flow_posts f
    join posts p on p.seq = f.seq
    where f.incident = $incident and f.known_at <= $as_of and p.official)
select j.rumour, date_trunc('minute', j.created_at) as minute, j.stance, count(*) as posts
from judged_posts($incident, $as_of) j
where j.created_at is not null
    and j.rumour in (select rumour from on_board)
    and j.flow not in (select flow from of_officials)
group by all
order by j.rumour, minute, j.stance
