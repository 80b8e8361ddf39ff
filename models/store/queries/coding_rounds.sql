-- The coding rounds of an incident as known at a moment, oldest first.
select r.id, r.number, r.coders, r.seed, r.drawn_at, r.officer, r.role, r.service, r.user_id, r.known_at as started_at, count(f.flow) as flows
from coding_rounds r
join coding_flows f on f.incident = r.incident and f.round = r.id
where r.incident = $incident and r.known_at <= $as_of
group by all
order by r.number
