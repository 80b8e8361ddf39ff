-- What happened to rumours, from the registered table "incoming".
insert into rumour_events by name
select *, $known_at::timestamp as known_at
from incoming
