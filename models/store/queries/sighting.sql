-- A sighting with its post as it stands: its words may have been erased since.
select i.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags,
    s.heard_by, s.heard_at, s.reliability, s.place as heard_where, s.shared, s.taken_by, s.role, s.service, s.user_id
from sightings s
join posts p on p.seq = s.seq
join incident_posts i on i.incident = s.incident and i.seq = s.seq
where s.incident = $incident and s.seq = $seq
