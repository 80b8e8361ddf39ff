-- What a user proves themself by now.
select user_id, password, second_factor, set_up, set_up_until, last_code
from credentials
where user_id = $user
order by known_at desc
limit 1
