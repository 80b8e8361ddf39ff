-- Which flow each post belongs to, from the registered table "incoming".
insert into flow_posts by name
select *, $known_at::timestamp as known_at
from incoming
