-- Who ended their coding, or that of everybody, in the rounds of an incident, or in one of them, oldest first.
select round, officer, everybody, known_at
from coding_ends
where incident = $incident and ($round is null or round = $round) and known_at <= $as_of
order by rowid
