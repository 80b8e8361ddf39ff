-- The latest posts of one rumour, with what brought each to the incident and how a sighting came in; undated ones
-- stand by their order of arrival.
select j.id, j.kind, j.created_at, j.official, j.text, j.flow, j.stance, j.stance_by, j.edited_at, i.matched,
    s.taken_by, s.role as taken_role, s.heard_by, s.reliability
from judged_posts_of($incident, $rumour, $as_of) j
left join incident_posts i on i.incident = $incident and i.seq = j.seq
left join sightings s on s.incident = $incident and s.seq = j.seq
order by j.place desc
limit $limit
