-- What named rumours of an incident after a stamp, by the number of the event: the latest in this order counts.
select known_at, rumour, rowid as event, -1 as people
from rumour_events
where incident = $incident and known_at > $after and kind = 'title'
order by known_at, happened_at, rowid
