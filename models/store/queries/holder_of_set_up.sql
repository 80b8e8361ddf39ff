-- Whose one-time link has this digest: closed and former links are erased.
select user_id, set_up_until
from credentials
where set_up = $digest
