-- Every rumour on the board of an incident, or one of them, with its figures as known at a moment. What officials post
-- and what copies it is counted apart: it is no vote and adds nobody, but a denial of theirs is a denial.
with events as (
    select rumour,
        min(happened_at) filter (kind = 'surfaced') as surfaced_at,
        count(*) filter (kind = 'surfaced') as times_surfaced,
        arg_max(post, row(known_at, happened_at, rowid)) filter (kind = 'title') as title_post,
        names_by_claim(arg_max(detail, row(known_at, happened_at, rowid)) filter (kind = 'title')) as states_claim,
        arg_max(likelihood, row(known_at, happened_at, rowid)) filter (kind = 'score') as likelihood,
        arg_max(detail, row(known_at, happened_at, rowid)) filter (kind = 'score') as score_detail
    from rumour_events
    where incident = $incident and known_at <= $as_of and ($rumour is null or rumour = $rumour)
    group by rumour),
merged as (
    select rumour, survivor
    from merged_as_of($incident, $as_of)),
on_board as (
    select *
    from events
    where times_surfaced > 0 and rumour not in (select rumour from merged)),
carried as (
    select j.*, bool_or(j.official) over (partition by j.flow) as of_officials
    from judged_posts($incident, $as_of) j
    join on_board b on b.rumour = j.rumour),
figures as (
    select rumour,
        count(*) filter (not of_officials) as posts,
        count(*) filter (of_officials) as official_posts,
        count(*) filter (not of_officials and created_at is null) as undated,
        count(distinct flow) as flows,
        count(*) filter (not of_officials and stance = 'support') as support,
        count(*) filter (not of_officials and stance = 'deny') as deny,
        count(*) filter (not of_officials and stance = 'query') as query,
        count(*) filter (not of_officials and stance = 'comment') as "comment",
        count(*) filter (not of_officials and stance is null) as uncoded,
        count(*) filter (not of_officials and author is null) as posts_without_author,
        min(created_at) as first_at,
        max(created_at) as last_at,
        min(created_at) filter (stance = 'query') as first_query_at,
        min(created_at) filter (stance = 'deny') as first_denial_at
    from carried
    group by rumour),
-- A person counts once however often they post; their largest known following stands for them.
people as (
    select rumour, author, max(author_followers) as followers
    from carried
    where author is not null and not of_officials
    group by rumour, author),
reaches as (
    select rumour,
        count(*) as people,
        sum(followers)::bigint as reach,
        count(*) filter (followers is null) as reach_unknown
    from people
    group by rumour),
acts as (
    select rumour,
        count(*) as decisions,
        arg_max(state, number) as state
    from decisions
    where incident = $incident and known_at <= $as_of
    group by rumour),
standing as (
    select coalesce(m.survivor, d.rumour) as rumour, m.rumour is null as own, d.number,
        if(d.act = 'take', d.officer, d.assignee) as name
    from decisions d
    left join merged m on m.rumour = d.rumour
    where d.incident = $incident and d.known_at <= $as_of and d.act in ('take', 'assign')
        and not exists (
            select 1 from decisions u
            where u.incident = $incident and u.known_at <= $as_of and u.undoes = d.number)),
owners as (
    select rumour, coalesce(arg_max(name, number) filter (own), arg_max(name, number)) as owner
    from standing
    group by rumour),
latest_corrections as (
    select rumour, id, verdict, issued_at
    from corrections
    where incident = $incident and known_at <= $as_of
    qualify row_number() over (partition by id order by version desc) = 1 and status = 'issued'),
-- What was answered before a merge is answered after it.
answers as (
    select coalesce(m.survivor, c.rumour) as rumour,
        count(*) as corrections,
        min(c.issued_at) as first_correction_at,
        arg_max(c.verdict, row(c.issued_at, c.id)) as verdict
    from latest_corrections c
    left join merged m on m.rumour = c.rumour
    group by all)
select b.rumour, b.surfaced_at, b.title_post, t.text as title_text, b.states_claim, b.likelihood, b.score_detail,
    f.* exclude (rumour), coalesce(r.people, 0) as people, r.reach, coalesce(r.reach_unknown, 0) as reach_unknown,
    coalesce(a.state, 'new') as state, o.owner, coalesce(a.decisions, 0) as decisions,
    coalesce(c.corrections, 0) as corrections, c.first_correction_at, c.verdict
from on_board b
join figures f on f.rumour = b.rumour
left join reaches r on r.rumour = b.rumour
left join acts a on a.rumour = b.rumour
left join owners o on o.rumour = b.rumour
left join answers c on c.rumour = b.rumour
left join posts_as_of($as_of) t on t.id = b.title_post
order by b.surfaced_at, b.rumour
