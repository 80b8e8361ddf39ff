-- What people said in a coding round, as known at a moment, oldest first.
select flow, label, coder, role, service, user_id, known_at
from codings
where incident = $incident and round = $round and known_at <= $as_of
order by rowid
