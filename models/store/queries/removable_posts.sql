-- The posts that the registered table "named" names and that still have their words, each with the removal.
with candidates as materialized (
    select seq, id
    from posts
    where id_key in (select id_key from named) and removed_at is null)
select c.seq, n.removal
from candidates c
join named n on n.post = c.id
