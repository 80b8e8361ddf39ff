-- The first post of the earliest of these flows whose words are still there; the first at all where none are.
select f.post
from flow_posts f
join posts p on p.seq = f.seq
where f.incident = $incident and f.flow in (select unnest($flows::varchar[]))
order by p.removed_at is not null, f.place
limit 1
