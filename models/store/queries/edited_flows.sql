-- The flows of an incident whose first post was edited after the model judged its stance, with that post as it stands.
with edits as (
    select seq, max(known_at) as edited_known_at
    from post_versions
    group by seq),
touched as (
    select f.flow, f.seq, f.place, f.thread, e.edited_known_at
    from flow_posts f
    join edits e on e.seq = f.seq
    where f.incident = $incident),
openers as (
    select flow, min(place) as place
    from flow_posts
    where incident = $incident and flow in (select flow from touched)
    group by flow),
judged as (
    select flow, rumour, max(known_at) as judged_known_at
    from stances
    where incident = $incident and judged_by = 'model' and flow in (select flow from touched)
    group by flow, rumour)
select t.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags, t.flow, t.thread, a.rumour, c.post as claim, c.flow is not distinct from t.flow as makes_claim
from touched t
join openers o on o.flow = t.flow and o.place = t.place
join posts p on p.seq = t.seq and p.removed_at is null
join assignments_as_of($incident, 'infinity'::timestamp) a on a.flow = t.flow
join judged j on j.flow = t.flow and j.rumour = a.rumour
left join titles_of($incident) c on c.rumour = a.rumour
where j.judged_known_at < t.edited_known_at
order by t.place
