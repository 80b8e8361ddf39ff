-- What happened to the rumours of an incident, oldest first.
select rumour, kind, happened_at, post, likelihood, detail, weights
from rumour_events
where incident = $incident
order by known_at, rowid
