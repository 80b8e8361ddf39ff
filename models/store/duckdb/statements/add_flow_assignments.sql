-- Which rumour the model puts flows in, from the registered table "incoming".
insert into flow_assignments by name
select *, $known_at::timestamp as known_at
from incoming
