-- What happened to sources, from the registered table "incoming".
insert into source_health by name
select *, $known_at::timestamp as known_at
from incoming
