-- The flows that were drawn for a round of coding, from the registered table "incoming".
insert into coding_flows by name
select *, $known_at::timestamp as known_at
from incoming
