-- The scores of rumours of an incident after a stamp, by the number of the event: the latest in this order counts.
-- -1 stands for not known.
select known_at, rumour, rowid as event, coalesce((detail ->> '$.people')::integer, -1) as people
from rumour_events
where incident = $incident and known_at > $after and kind = 'score'
order by known_at, happened_at, rowid
