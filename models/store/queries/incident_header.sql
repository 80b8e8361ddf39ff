-- What has come in for an incident: posts read, since when, the newest arrival, and how many are judged.
select count(*) as posts_read,
    min(known_at) as first_known_at,
    max(known_at) as last_known_at,
    (select count(*) from flow_posts where incident = $incident and known_at <= $as_of) as posts_judged
from incident_posts
where incident = $incident and known_at <= $as_of
