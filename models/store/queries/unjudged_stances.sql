-- Of $flows, or of all where it is null, those without any stance toward the rumour they are in: those of rumours on
-- the board first, then by arrival. Each with the first of its posts whose words are still there, and with the post
-- whose words name its rumour.
with waiting as (
    select flow, rumour
    from assignments_of($incident, $flows::varchar[])
    except
    select flow, rumour
    from stances
    where incident = $incident and ($flows is null or flow in (select unnest($flows::varchar[])))),
-- Narrowed down before the posts are joined: joining all of both costs the most.
said as materialized (
    select flow, seq, place, thread
    from flow_posts
    where incident = $incident and ($flows is null or flow in (select unnest($flows::varchar[])))),
openers as (
    select s.flow, min(s.place) as place, arg_min(s.seq, s.place) as seq, arg_min(s.thread, s.place) as thread
    from said s
    join posts p on p.seq = s.seq and p.removed_at is null
    group by s.flow),
on_board as (
    select distinct rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced'),
next_flows as (
    select o.flow, o.place, o.seq, o.thread, w.rumour, b.rumour is not null as shown
    from waiting w
    join openers o on o.flow = w.flow
    left join on_board b on b.rumour = w.rumour
    order by shown desc, o.place
    limit $limit)
select n.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags, n.flow, n.thread, n.rumour, t.post as claim, t.flow is not distinct from n.flow as makes_claim
from next_flows n
join posts p on p.seq = n.seq
left join titles_of($incident) t on t.rumour = n.rumour
order by n.shown desc, n.place
