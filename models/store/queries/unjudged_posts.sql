-- The posts of an incident that the pipeline has not judged, in the order in which they reached it.
select i.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags
from incident_posts i
join posts p on p.seq = i.seq
where i.incident = $incident and i.place > $after_place and p.removed_at is null
order by i.place
limit $limit
