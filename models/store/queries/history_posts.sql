-- The posts that were put in flows of an incident after a stamp, as they came to be known. -1 stands for not known.
select f.known_at, f.seq, f.flow, p.author, coalesce(p.author_followers, -1) as followers, p.created_at, p.official
from flow_posts f
join posts p on p.seq = f.seq
where f.incident = $incident and f.known_at > $after
order by f.known_at, f.place
