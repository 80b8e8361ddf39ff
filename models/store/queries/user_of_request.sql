-- The version of a user that a request made.
select user_id, way, sign_in_name, name, service, blocked, grants
from user_versions
where request = $request
