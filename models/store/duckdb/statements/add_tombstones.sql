-- What may not come back, from the registered table "incoming".
insert into tombstones by name
select *, $known_at::timestamp as known_at
from incoming
