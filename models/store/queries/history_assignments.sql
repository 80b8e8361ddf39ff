-- Where flows of an incident were put after a stamp, in order of writing. -1 stands for not known.
select known_at, flow, rumour, coalesce(decision, -1) as decision, coalesce(pins::tinyint, -1) as pins
from flow_assignments
where incident = $incident and known_at > $after
order by rowid
