-- One session, live or ended.
select s.id, s.user_id, s.way, s.device, s.started_at, s.seen_at, s.provider_session, e.known_at as ended_at, e.ended
from sessions s
left join session_ends e on e.session = s.id
where s.id = $session
