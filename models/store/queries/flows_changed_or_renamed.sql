-- The flows of an incident that were put in a rumour, got a post or a stance, or whose rumour took other words for its
-- title after a stamp.
select flow
from flows_changed($incident, $after)
union
select flow
from stances
where known_at > $after and incident = $incident
union
select flow
from flow_assignments
where incident = $incident and rumour in (
    select rumour
    from rumour_events
    where known_at > $after and incident = $incident and kind = 'title')
