-- Vectors of flows, from the registered table "incoming".
insert into embeddings by name
select *, $known_at::timestamp as known_at
from incoming
