-- Every group of several people that is not on the board, by people and growth, as known at a moment. Whether the rule
-- lets it go up stands in its latest score; `recent` counts its posts of the hour before $now.
with events as (
    select rumour,
        arg_max(post, row(known_at, happened_at, rowid)) filter (kind = 'title') as title_post,
        names_by_claim(arg_max(detail, row(known_at, happened_at, rowid)) filter (kind = 'title')) as states_claim,
        arg_max(likelihood, row(known_at, happened_at, rowid)) filter (kind = 'score') as likelihood,
        arg_max(detail, row(known_at, happened_at, rowid)) filter (kind = 'score') as score
    from rumour_events
    where incident = $incident and known_at <= $as_of
    group by rumour
    having count(*) filter (kind = 'surfaced') = 0),
groups as (
    select rumour, title_post, states_claim, likelihood,
        (score ->> '$.people')::integer as people,
        (score ->> '$.may_go_up')::boolean as may_go_up
    from events
    where (score ->> '$.people')::integer >= $least_people
        and rumour not in (select rumour from merged_as_of($incident, $as_of))),
figures as (
    select j.rumour,
        count(*) as posts,
        count(*) filter (j.created_at > $now::timestamp - interval 1 hour) as recent,
        max(j.created_at) as last_at
    from judged_posts($incident, $as_of) j
    join groups g on g.rumour = j.rumour
    group by j.rumour)
select g.rumour, t.text as title_text, g.states_claim, g.likelihood, g.people, g.may_go_up, f.posts, f.recent, f.last_at
from groups g
join figures f on f.rumour = g.rumour
left join posts_as_of($as_of) t on t.id = g.title_post
order by g.people desc, f.recent desc, g.rumour
