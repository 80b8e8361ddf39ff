-- Every judged post of an incident in the order it was judged, to rebuild the pipeline's state from.
-- The vector, the assignment and the stance stand on the first post of a flow only. Vectors of other encoders than
-- this one are left out: they are not comparable.
select f.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags,
    f.flow, f.thread, a.rumour, s.label, s.support, s.deny, s.query, s."comment", s.weights,
    row_number() over (partition by f.flow order by f.place) = 1 as opens_flow, e.vector
from flow_posts f
join posts p on p.seq = f.seq
join assignments_as_of($incident, 'infinity'::timestamp) a on a.flow = f.flow
left join stances_as_of($incident, 'infinity'::timestamp) s on s.flow = f.flow and s.rumour = a.rumour
left join embeddings e on e.incident = f.incident and e.flow = f.flow and e.encoder = $encoder
where f.incident = $incident
order by f.place
