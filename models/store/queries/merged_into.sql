-- Which rumour a merged-away one lives on in, and the words that name it, as known at a moment.
with lives_on as (
    select survivor
    from merged_as_of($incident, $as_of)
    where rumour = $rumour),
named as (
    select arg_max(e.post, e.rowid) as post
    from rumour_events e
    join lives_on l on l.survivor = e.rumour
    where e.incident = $incident and e.kind = 'title' and e.known_at <= $as_of)
select l.survivor, p.text as title
from lives_on l
cross join named n
left join posts_as_of($as_of) p on p.id = n.post
