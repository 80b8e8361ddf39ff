-- The rumours of an incident that went on the board after a stamp.
select known_at, rumour, happened_at
from rumour_events
where incident = $incident and known_at > $after and kind = 'surfaced'
order by rowid
