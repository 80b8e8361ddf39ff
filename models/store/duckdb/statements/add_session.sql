-- A sign-in.
insert into sessions (id, user_id, way, device, started_at, seen_at, provider_session, known_at)
values ($id, $user, $way, $device, $started_at, $seen_at, $provider_session, $known_at)
