-- The permission that a request recorded.
select source, reference, officer, role, service, user_id, recorded_at
from permissions
where request = $request
