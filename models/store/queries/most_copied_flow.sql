-- The flow of a rumour that has the most posts, the earliest of equals.
select f.flow
from flows_of($incident, $rumour, $as_of) r
join flow_posts f on f.incident = $incident and f.flow = r.flow
group by f.flow
order by count(*) desc, min(f.place)
limit 1
