-- How many posts of an incident have been erased.
select count(*) as posts
from posts p
join incident_posts i on i.seq = p.seq
where p.removed_at is not null and i.incident = $incident
