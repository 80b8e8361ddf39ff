-- All dated posts that reached an incident, by minute, as known at a moment.
select date_trunc('minute', p.created_at) as minute, count(*) as posts
from incident_posts i
join posts p on p.seq = i.seq
where i.incident = $incident and i.known_at <= $as_of and p.created_at is not null
group by all
order by minute
