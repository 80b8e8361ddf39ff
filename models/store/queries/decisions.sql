-- The log of an incident, or of one rumour in it, newest first.
select number, incident, rumour, act, state, officer, role, reason, correction, decided_at, salt, link
from decisions
where incident = $incident and ($rumour is null or rumour = $rumour) and known_at <= $as_of
order by number desc
