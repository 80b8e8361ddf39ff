-- How a request ended somebody's coding, or everybody's.
select round, officer, role, service, user_id, everybody, reason, known_at
from coding_ends
where incident = $incident and request = $request
