-- Every user as the latest version says.
select user_id, way, sign_in_name, name, service, blocked, grants
from user_versions
qualify row_number() over (partition by user_id order by version desc) = 1
