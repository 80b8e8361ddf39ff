-- What stances of flows of an incident were judged after a stamp, in order of writing: the label's place among the four,
-- and which person judged, if one did.
select known_at, flow, rumour,
    list_position(['support', 'deny', 'query', 'comment'], label) - 1 as label,
    nullif(judged_by, 'model') as judge
from stances
where incident = $incident and known_at > $after
order by rowid
