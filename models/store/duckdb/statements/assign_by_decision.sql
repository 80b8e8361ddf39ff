-- Flows put into a rumour by a decision. Without $pins a flow is held as it was before the decision that is undone.
insert into flow_assignments by name
with moved as (
    select unnest($flows::varchar[]) as flow),
held as (
    select flow, arg_max(pins, decision) as pins
    from flow_assignments
    where incident = $incident and decision < $before
    group by flow)
select $incident as incident, m.flow, $rumour as rumour, $officer as assigned_by, $number as decision,
    $pins or coalesce(h.pins, false) as pins, $known_at::timestamp as known_at
from moved m
left join held h on h.flow = m.flow
order by m.flow
