-- Every consultation, as the audit knows it, oldest first.
select incident, what, filter, as_of as moment, officer, role, service, user_id, reason, request, known_at
from consultations
order by known_at, rowid
