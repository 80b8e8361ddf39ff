-- Which incidents posts have reached. The key finds them by scanning eight bytes a post; the id decides.
select p.id, i.incident
from posts p
join incident_posts i on i.seq = p.seq
where p.id_key in (select unnest($keys::ubigint[])) and p.id in (select unnest($ids::varchar[]))
