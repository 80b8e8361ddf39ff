-- That posts reach incidents, from the registered table "incoming".
insert into incident_posts by name
select *, $known_at::timestamp as known_at
from incoming
