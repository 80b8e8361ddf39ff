-- The rumours that the model split off others which people kept apart from some, the oldest first.
select rumour, detail ->> '$.from' as origin, detail ->> '$.apart[*]' as apart
from rumour_events
where incident = $incident and kind = 'split' and known_at <= $as_of and json_array_length(detail, '$.apart') > 0
order by rowid
