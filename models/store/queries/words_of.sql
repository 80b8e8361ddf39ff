-- The words of posts that are stored and not removed. The digest of an id is scanned, the id decides.
select id, text
from posts
where id_key in (select unnest($id_keys::ubigint[])) and id in (select unnest($ids::varchar[])) and removed_at is null
