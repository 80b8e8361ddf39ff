-- The merges, refusals, splits and moves in the log of a rumour, newest first: the words that name both rumours now, how
-- many flows each put elsewhere, and whether it was undone.
with rearranging as (
    select number, act, rumour, target
    from decisions
    where incident = $incident and known_at <= $as_of and act in ('merge', 'refuse', 'split', 'move') and (
        $rumour in (rumour, target)
        or rumour in (select rumour from merged_as_of($incident, $as_of) where survivor = $rumour))),
named as (
    select rumour, arg_max(post, rowid) as post
    from rumour_events
    where incident = $incident and kind = 'title' and known_at <= $as_of
        and rumour in (select rumour from rearranging union select target from rearranging)
    group by rumour),
titles as (
    select n.rumour, p.text as title
    from named n
    join posts_as_of($as_of) p on p.id = n.post),
moved as (
    select decision, count(*) as flows
    from flow_assignments
    where incident = $incident and decision in (select number from rearranging)
    group by decision)
select t.number, t.act, t.rumour, f.title as rumour_title, t.target, g.title as target_title,
    coalesce(m.flows, 0) as flows,
    t.number in (
        select undoes from decisions
        where incident = $incident and known_at <= $as_of and undoes is not null) as undone
from rearranging t
left join titles f on f.rumour = t.rumour
left join titles g on g.rumour = t.target
left join moved m on m.decision = t.number
order by t.number desc
