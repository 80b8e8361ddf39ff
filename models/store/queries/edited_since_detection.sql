-- The posts of an incident that were edited after their language was looked for, as they stand.
with looked as (
    select seq, max(known_at) as looked_known_at
    from detected_languages
    where seq in (select seq from post_versions)
    group by seq),
edits as (
    select seq, max(known_at) as edited_known_at
    from post_versions
    group by seq)
select i.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags
from edits e
join looked l on l.seq = e.seq and l.looked_known_at < e.edited_known_at
join posts p on p.seq = e.seq and p.removed_at is null
join incident_posts i on i.incident = $incident and i.seq = e.seq
order by i.place
