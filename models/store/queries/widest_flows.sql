-- The flows with the most posts in each of some spans of an incident, as known at a moment. Words, people and reach are
-- those of the span; a person counts once, with the largest known following. `official`: an official account posted it
-- or what it copies.
with spans as (
    select unnest($since::timestamp[]) as since, unnest($until::timestamp[]) as until),
carried as (
    select s.since, f.flow, f.place, p.author, p.author_followers,
        p.text
    from flow_posts f
    join posts_as_of($as_of) p on p.seq = f.seq
    join spans s on p.created_at >= s.since and p.created_at < s.until
    where f.incident = $incident and f.known_at <= $as_of),
widest as (
    select since, flow,
        arg_min(text, place) as text,
        min(place) as place,
        count(*) as posts
    from carried
    group by since, flow
    qualify row_number() over (partition by since order by count(*) desc, min(place)) <= $flows),
-- What is asked of a few flows only is asked after they are known.
official as (
    select distinct f.flow
    from flow_posts f
    join posts p on p.seq = f.seq
    where f.incident = $incident and f.known_at <= $as_of and p.official
        and f.flow in (select flow from widest)),
people as (
    select c.since, c.flow, c.author, max(c.author_followers) as followers
    from carried c
    join widest w on w.since = c.since and w.flow = c.flow
    where c.author is not null
    group by all),
reaches as (
    select since, flow,
        count(*) as people,
        sum(followers)::bigint as reach,
        count(*) filter (followers is null) as reach_unknown
    from people
    group by all)
select w.since, w.flow, a.rumour, w.text, s.label as stance, s.judged_by as stance_by, o.flow is not null as official,
    w.posts, coalesce(r.people, 0) as people, r.reach, coalesce(r.reach_unknown, 0) as reach_unknown
from widest w
join assignments_as_of($incident, $as_of) a on a.flow = w.flow
left join stances_as_of($incident, $as_of) s on s.flow = w.flow and s.rumour = a.rumour
left join official o on o.flow = w.flow
left join reaches r on r.since = w.since and r.flow = w.flow
order by w.since, w.posts desc, w.place
