-- How each post of an incident stands at the end: one line of `judge`, in order of arrival.
with judged as (
    select list(seq) as seqs
    from flow_posts
    where incident = $incident),
first_assignments as (
    select flow, arg_min(rumour, rowid) as rumour
    from flow_assignments
    where incident = $incident
    group by flow),
latest_events as (
    select rumour,
        arg_max(post, known_at) filter (kind = 'title') as title_post,
        names_by_claim(arg_max(detail, known_at) filter (kind = 'title')) as states_claim,
        arg_max(likelihood, known_at) filter (kind = 'score') as likelihood,
        min(happened_at) filter (kind = 'surfaced') as on_board_at
    from rumour_events
    where incident = $incident
    group by rumour)
select f.place as seq, f.post as id, f.flow, fa.rumour as rumour_first, a.rumour,
    case when t.removed_at is null and e.states_claim then t.text end as title, e.likelihood, e.on_board_at,
    s.label as stance, s.support, s.deny, s.query, s."comment", l.language as lang_detected
from flow_posts f
join first_assignments fa on fa.flow = f.flow
join assignments_as_of($incident, 'infinity'::timestamp) a on a.flow = f.flow
left join stances_as_of($incident, 'infinity'::timestamp) s on s.flow = f.flow and s.rumour = a.rumour
left join latest_events e on e.rumour = a.rumour
left join posts t on t.id = e.title_post
left join languages_as_of((select seqs from judged), 'infinity'::timestamp) l on l.seq = f.seq
where f.incident = $incident
order by f.place
