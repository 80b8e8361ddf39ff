-- What a user proves themself by from now on.
insert into credentials (user_id, password, second_factor, set_up, set_up_until, last_code, known_at)
values ($user, $password, $second_factor, $set_up, $set_up_until, $last_code, $known_at)
