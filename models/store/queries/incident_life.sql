-- When the first and the last was known of an incident: of its posts, what was judged of them and what people did.
with stamps as (
    select known_at from incident_posts where incident = $incident
    union all
    select known_at from flow_posts where incident = $incident
    union all
    select known_at from flow_assignments where incident = $incident
    union all
    select known_at from stances where incident = $incident
    union all
    select known_at from rumour_events where incident = $incident
    union all
    select known_at from decisions where incident = $incident)
select min(known_at) as first_known_at, max(known_at) as last_known_at
from stamps
