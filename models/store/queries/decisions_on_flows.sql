-- The numbers of all decisions that put any of these flows somewhere.
select distinct decision
from flow_assignments
where incident = $incident and decision is not null and flow in (select unnest($flows::varchar[]))
