-- Posts as they came, from the registered table "incoming".
insert into posts by name
select *, $known_at::timestamp as known_at
from incoming
