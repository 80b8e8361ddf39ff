-- The flows that a decision put where it wanted them.
select flow
from flow_assignments
where incident = $incident and decision = $decision
