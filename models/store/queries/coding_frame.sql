-- The flows that may be drawn for coding, as known at a moment: of rumours on the board whose claim somebody states, with
-- the model's stance, and with words that are still there. Each with the number of such flows in its rumour.
with titles as (
    select rumour,
        arg_max(post, row(known_at, happened_at)) as claim,
        names_by_claim(arg_max(detail, row(known_at, happened_at))) as states_claim
    from rumour_events
    where incident = $incident and kind = 'title' and known_at <= $as_of
    group by rumour),
on_board as (
    select rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced' and known_at <= $as_of
    except
    select rumour
    from merged_as_of($incident, $as_of)),
claims as (
    select t.rumour, t.claim
    from titles t
    join on_board b on b.rumour = t.rumour
    join posts p on p.id = t.claim and p.removed_at is null
    where t.states_claim),
read as (
    select flow, rumour, arg_max(label, rowid) as label
    from stances
    where incident = $incident and judged_by = 'model' and known_at <= $as_of
    group by flow, rumour),
worded as (
    select distinct f.flow
    from flow_posts f
    join posts p on p.seq = f.seq
    where f.incident = $incident and f.known_at <= $as_of and p.removed_at is null and trim(p.text) <> '')
select a.flow, a.rumour, c.claim, r.label, count(*) over (partition by a.rumour) as rumour_flows
from assignments_as_of($incident, $as_of) a
join claims c on c.rumour = a.rumour
join read r on r.flow = a.flow and r.rumour = a.rumour
join worded w on w.flow = a.flow
order by a.flow
