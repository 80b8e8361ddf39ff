-- The caption that a request pinned or took away; none for a request without a name.
select id, incident, rumour, pinned_to, text, officer, role, known_at
from annotations
where incident = $incident and request = $request
