-- The time step whose code a user used last.
update credentials
set last_code = $step
where user_id = $user and known_at = (select max(known_at) from credentials where user_id = $user)
