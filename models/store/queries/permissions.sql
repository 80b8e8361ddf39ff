-- The latest permission of each restricted source.
select source, reference, officer, role, service, user_id, recorded_at
from permissions
where known_at <= $as_of
qualify row_number() over (partition by source order by known_at desc) = 1
order by source
