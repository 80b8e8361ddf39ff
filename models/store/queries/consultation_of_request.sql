-- The consultation that a request has made already.
select incident, what, filter, as_of as moment, officer, role, service, user_id, reason, known_at
from consultations
where incident = $incident and request = $request
