-- Pairs of rumours that may be one claim, the most probable first, as known at a moment: of a whole incident, or of one
-- rumour, with their titles. The words of a reason come from a post, so they are missing where it was erased, or edited
-- since.
with standing as (
    select *
    from suggested_pairs($incident, $rumour, $as_of)),
events as (
    select rumour, count(*) filter (kind = 'surfaced') > 0 as on_board,
        arg_max(post, row(known_at, happened_at, rowid)) filter (kind = 'title') as title_post,
        names_by_claim(arg_max(detail, row(known_at, happened_at, rowid)) filter (kind = 'title')) as states_claim
    from rumour_events
    where incident = $incident and known_at <= $as_of
        and rumour in (select rumour from standing union select other from standing)
    group by rumour),
named as (
    select e.rumour, e.on_board, e.states_claim, p.text as title
    from events e
    left join posts_as_of($as_of) p on p.id = e.title_post)
select s.rumour, a.title as rumour_title, a.on_board as rumour_on_board,
    a.states_claim as rumour_states_claim, s.other, b.title as other_title,
    b.on_board as other_on_board, b.states_claim as other_states_claim, s.probability, s.reason,
    case when not exists (
        select 1 from post_versions v
        where v.seq = p.seq and v.known_at > s.known_at and v.known_at <= $as_of) then p.text end as words_of
from standing s
join named a on a.rumour = s.rumour
join named b on b.rumour = s.other
left join posts_as_of($as_of) p on p.id = s.reason ->> '$.post'
order by s.probability desc, s.rumour, s.other
