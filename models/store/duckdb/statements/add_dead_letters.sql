-- What could not be read as a post, from the registered table "incoming".
insert into dead_letters by name
select *, $known_at::timestamp as known_at
from incoming
