-- Of $flows, or of all where it is null, those whose latest stance of the model was read toward other words than those
-- that name their rumour now: those of rumours on the board first, then by arrival. Each with the first of its posts
-- whose words are still there.
with read as (
    select flow, rumour, claim
    from stances
    where incident = $incident and judged_by = 'model'
        and ($flows is null or flow in (select unnest($flows::varchar[])))
    qualify row_number() over (partition by flow, rumour order by rowid desc) = 1),
outdated as (
    select r.flow, r.rumour, t.post as claim, t.flow = r.flow as makes_claim
    from assignments_of($incident, $flows::varchar[]) a
    join read r on r.flow = a.flow and r.rumour = a.rumour
    join titles_of($incident) t on t.rumour = r.rumour
    left join flow_posts c on c.incident = $incident and c.post = r.claim
    where c.flow is distinct from t.flow),
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
    select d.*, o.place, o.seq, o.thread, b.rumour is not null as shown
    from outdated d
    join openers o on o.flow = d.flow
    left join on_board b on b.rumour = d.rumour
    order by shown desc, o.place
    limit $limit)
select n.place, p.seq, p.id, p.source, p.kind, p.text, p.arrived_at, p.collection, p.created_at, p.stated_at, p.author,
    p.author_followers, p.official, p.lang, p.reply_to, p.root, p.repost_of, p.quote_of, p.reposts, p.url, p.edited_at,
    p.latitude, p.longitude, p.flags, n.flow, n.thread, n.rumour, n.claim, n.makes_claim
from next_flows n
join posts p on p.seq = n.seq
order by n.shown desc, n.place
