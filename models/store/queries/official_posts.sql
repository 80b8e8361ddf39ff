-- What officials have posted in an incident, in order of time, as known at a moment: one row a flow that holds a post of
-- an official account, with its copies, their people and their reach.
with official as (
    select distinct f.flow
    from flow_posts f
    join posts p on p.seq = f.seq
    where f.incident = $incident and f.known_at <= $as_of and p.official),
carried as (
    select f.flow, f.place, p.created_at, p.official, p.author, p.author_followers,
        p.text
    from flow_posts f
    join posts_as_of($as_of) p on p.seq = f.seq
    where f.incident = $incident and f.known_at <= $as_of and f.flow in (select flow from official)),
flows as (
    select flow,
        arg_min(text, place) filter (official) as text,
        min(created_at) filter (official) as said_at,
        count(*) as posts
    from carried
    group by flow),
people as (
    select flow, author, max(author_followers) as followers
    from carried
    where author is not null
    group by flow, author),
reaches as (
    select flow,
        count(*) as people,
        sum(followers)::bigint as reach,
        count(*) filter (followers is null) as reach_unknown
    from people
    group by flow)
select f.flow, a.rumour, f.text, f.said_at, f.posts, r.people, r.reach, coalesce(r.reach_unknown, 0) as reach_unknown
from flows f
left join assignments_as_of($incident, $as_of) a on a.flow = f.flow
left join reaches r on r.flow = f.flow
order by f.said_at nulls last, f.flow
