-- Posts of an incident by their numbers, as known at a moment, with what brought each to the incident, how a sighting
-- came in, and the language that was detected where the source stated none.
select p.seq, p.id, p.kind, p.created_at, p.official, p.text, p.edited_at, i.matched,
    s.taken_by, s.role as taken_role, s.service as taken_service, s.user_id as taken_user, s.heard_by, s.reliability, s.shared,
    p.lang, l.language as lang_detected, l.detected_by as lang_detected_by
from posts_as_of($as_of) p
left join incident_posts i on i.incident = $incident and i.seq = p.seq
left join sightings s on s.incident = $incident and s.seq = p.seq
left join languages_as_of($seqs::bigint[], $as_of) l on l.seq = p.seq
where p.seq in (select unnest($seqs::bigint[]))
