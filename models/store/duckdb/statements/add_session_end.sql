-- That a session ended, why, and by whom where it was ended by somebody.
insert into session_ends (session, ended, officer, role, service, user_id, known_at)
values ($session, $ended, $officer, $role, $service, $user_id, $known_at)
