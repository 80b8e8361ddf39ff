-- Which incidents posts have reached. The key finds them first, by scanning eight bytes a post; then the id decides.
with found as materialized (
    select seq, id
    from posts
    where id_key in (select unnest($keys::ubigint[])))
select f.id, i.incident
from found f
join incident_posts i on i.seq = f.seq
where f.id in (select unnest($ids::varchar[]))
