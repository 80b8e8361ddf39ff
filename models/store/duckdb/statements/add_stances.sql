-- Stances of flows toward rumours, beside the former ones, from the registered table "incoming".
insert into stances by name
select *, $known_at::timestamp as known_at
from incoming
