-- What people said in the coding rounds of an incident, or in one of them, as known at a moment, oldest first.
select round, flow, label, coder, role, known_at
from codings
where incident = $incident and ($round is null or round = $round) and known_at <= $as_of
order by rowid
