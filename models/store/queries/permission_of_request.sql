-- The permission that a request recorded.
select source, reference, officer, role, recorded_at
from permissions
where request = $request
