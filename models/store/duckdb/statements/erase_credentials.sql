-- The secrets that a user proved themself by until now.
update credentials
set password = null, second_factor = null, set_up = null
where user_id = $user
