-- Of $flows those that are in a rumour into which the one at the same place in $rumours was merged.
with asked as (
    select unnest($flows::varchar[]) as flow, unnest($rumours::varchar[]) as asked_rumour),
merged as materialized (
    select rumour, survivor
    from merged_as_of($incident, $as_of))
select q.flow, q.asked_rumour, a.rumour
from asked q
join assignments_of($incident, $flows::varchar[]) a on a.flow = q.flow
join merged m on m.rumour = q.asked_rumour and m.survivor = a.rumour
order by q.flow
