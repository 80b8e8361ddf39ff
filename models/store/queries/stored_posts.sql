-- Those posts of the registered table "batch" that are stored already, with their numbers.
-- The key finds candidates first, by scanning eight bytes a post; then the id decides.
with candidates as materialized (
    select seq, id
    from posts
    where id_key in (select id_key from batch))
select c.id, c.seq
from candidates c
join batch b on b.id = c.id
