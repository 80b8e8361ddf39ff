-- Those of these posts and accounts that were erased.
select coalesce(post, author) as name
from tombstones
where post in (select unnest($posts::varchar[])) or author in (select unnest($authors::varchar[]))
