-- What reading told of a file, from the registered table "incoming".
insert into told_of_files by name
select *, $known_at::timestamp as known_at
from incoming
