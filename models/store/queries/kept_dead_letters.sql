-- Those of these dead letters that are kept already.
select id
from dead_letters
where id in (select unnest($ids::varchar[]))
