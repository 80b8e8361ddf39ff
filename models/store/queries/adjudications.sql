-- How differences were settled in a coding round, as known at a moment: the latest of each flow.
select flow, rumour, label, officer, role, service, user_id, reason, known_at
from adjudications
where incident = $incident and round = $round and known_at <= $as_of
qualify row_number() over (partition by flow order by rowid desc) = 1
order by flow
