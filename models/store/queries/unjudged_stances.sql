-- Flows without any stance toward the rumour they are in: those of rumours on the board first, then by arrival.
-- Each with the first of its posts whose words are still there, and with the post whose words name its rumour.
with waiting as (
    select a.flow, a.rumour
    from assignments_as_of($incident, 'infinity'::timestamp) a
    anti join (select flow, rumour from stances where incident = $incident) s
        on s.flow = a.flow and s.rumour = a.rumour),
openers as (
    select f.flow, w.rumour, min(f.place) as place
    from waiting w
    join flow_posts f on f.flow = w.flow and f.incident = $incident
    join posts p on p.seq = f.seq and p.removed_at is null
    group by f.flow, w.rumour),
on_board as (
    select distinct rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced'),
next_flows as (
    select o.flow, o.rumour, o.place, b.rumour is not null as shown
    from openers o
    left join on_board b on b.rumour = o.rumour
    order by shown desc, o.place
    limit $limit)
select n.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags, n.flow, f.thread, n.rumour, t.post as claim, t.flow is not distinct from n.flow as makes_claim
from next_flows n
join flow_posts f on f.incident = $incident and f.flow = n.flow and f.place = n.place
join posts p on p.seq = f.seq
left join titles_of($incident) t on t.rumour = n.rumour
order by n.shown desc, n.place
