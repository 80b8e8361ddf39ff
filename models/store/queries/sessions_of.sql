-- A user's sessions and how each ended, the latest first.
select s.id, s.user_id, s.way, s.device, s.started_at, s.seen_at, s.provider_session, e.known_at as ended_at, e.ended
from sessions s
left join session_ends e on e.session = s.id
where s.user_id = $user
order by s.started_at desc, s.known_at desc
