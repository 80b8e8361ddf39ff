-- How a request settled a difference.
select round, flow, rumour, label, officer, role, reason, known_at
from adjudications
where incident = $incident and request = $request
