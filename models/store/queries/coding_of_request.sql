-- What a request said of a flow.
select round, flow, rumour, label, coder, role, service, user_id, known_at
from codings
where incident = $incident and request = $request
