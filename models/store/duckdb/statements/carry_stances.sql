-- The latest stance of the model on each of $flows, and of people where the claim is the same, copied to another rumour:
-- that of the same place in $rumours.
insert into stances by name
with moved as (
    select unnest($flows::varchar[]) as flow, unnest($rumours::varchar[]) as into_rumour),
latest as (
    select s.*, m.into_rumour
    from stances s
    join moved m on m.flow = s.flow
    where s.incident = $incident and (s.judged_by = 'model' or s.rumour in (m.into_rumour, $same_claim_as))
    qualify row_number() over (partition by s.flow, s.judged_by = 'model' order by s.rowid desc) = 1)
select incident, flow, into_rumour as rumour, label, support, deny, query, "comment", judged_by, weights, claim,
    $known_at::timestamp as known_at
from latest
where rumour <> into_rumour
order by flow, judged_by
