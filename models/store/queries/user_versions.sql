-- Every version of a user, the latest first.
select user_id, version, way, sign_in_name, name, service, blocked, grants, officer, role, officer_service,
    officer_user, reason, known_at
from user_versions
where user_id = $user
order by version desc
