-- Every session that has not ended.
select s.id, s.user_id, s.way, s.device, s.started_at, s.seen_at, s.provider_session,
    null::timestamp as ended_at, null::varchar as ended
from sessions s
anti join session_ends e on e.session = s.id
