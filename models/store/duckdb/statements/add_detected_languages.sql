-- What was detected of the languages of posts, beside what was before, from the registered table "incoming".
insert into detected_languages by name
select *, $known_at::timestamp as known_at
from incoming
