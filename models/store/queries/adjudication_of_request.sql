-- How a request settled a difference.
select round, flow, rumour, label, officer, role, service, user_id, reason, known_at
from adjudications
where incident = $incident and request = $request
