-- The posts of an incident that the pipeline has not judged, in the order in which they reached it.
-- The next few are chosen first: joining before choosing would read every post there is.
with next_posts as (
    select place, seq
    from incident_posts
    where incident = $incident and place > $after_place
        and seq not in (select seq from posts where removed_at is not null)
    order by place
    limit $limit)
select n.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags
from next_posts n
join posts p on p.seq = n.seq
order by n.place
