-- Who took what out of an incident, newest first.
select incident, what, filter, as_of as moment, officer, role, service, user_id, reason, known_at
from consultations
where incident = $incident and known_at <= $as_of
order by known_at desc
