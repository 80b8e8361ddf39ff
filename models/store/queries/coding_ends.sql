-- Who ended their coding, or that of everybody, in the rounds of an incident as known at a moment, oldest first.
select round, officer, role, service, user_id, everybody, known_at
from coding_ends
where incident = $incident and known_at <= $as_of
order by rowid
