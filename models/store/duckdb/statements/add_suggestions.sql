-- Suggestions, and withdrawals of some, from the registered table "incoming".
insert into suggestions by name
select *, $known_at::timestamp as known_at
from incoming
