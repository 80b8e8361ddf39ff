-- Pairs of rumours that may be one claim, the most probable first, as known at a moment: of a whole incident, or of one
-- rumour. Without pairs that people merged, split or refused to merge. The words of a reason come from a post, so they
-- are missing where it was erased, or edited since.
with latest as (
    select rumour, other, probability, reason, known_at
    from suggestions
    where incident = $incident and known_at <= $as_of and ($rumour is null or $rumour in (rumour, other))
    qualify row_number() over (partition by rumour, other order by rowid desc) = 1),
merged as (
    select rumour, survivor
    from merged_as_of($incident, $as_of)),
parted as (
    select coalesce(a.survivor, d.rumour) as rumour, coalesce(b.survivor, d.target) as other
    from decisions d
    left join merged a on a.rumour = d.rumour
    left join merged b on b.rumour = d.target
    where d.incident = $incident and d.known_at <= $as_of and d.act in ('refuse', 'split')
        and not exists (
            select 1 from decisions u
            where u.incident = $incident and u.known_at <= $as_of and u.undoes = d.number)),
standing as (
    select l.*
    from latest l
    where l.probability is not null
        and l.rumour not in (select rumour from merged) and l.other not in (select rumour from merged)
        and not exists (
            select 1 from parted p
            where p.rumour in (l.rumour, l.other) and p.other in (l.rumour, l.other) and p.rumour <> p.other)),
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
