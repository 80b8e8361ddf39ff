-- What officials have posted in an incident, newest first, as known at a moment: one row a flow that holds a post of an
-- official account. `alone` says that the public makes no claim in its group: officially said, and no rumour.
with official as (
    select distinct f.flow
    from flow_posts f
    join posts p on p.seq = f.seq
    where f.incident = $incident and f.known_at <= $as_of and p.official),
judged as (
    select j.*, j.flow in (select flow from official) as of_officials
    from judged_posts($incident, $as_of) j),
-- A thread is named after its first post.
begun_by_officials as (
    select id as thread
    from judged
    where of_officials),
with_public_claims as (
    select distinct j.rumour
    from judged j
    join posts p on p.seq = j.seq
    where not j.of_officials
        and j.thread not in (select thread from begun_by_officials)
        and (p.quote_of is null or p.quote_of not in (select thread from begun_by_officials))),
people as (
    select flow, author, max(author_followers) as followers
    from judged
    where of_officials and author is not null
    group by flow, author),
reaches as (
    select flow,
        count(*) as people,
        sum(followers)::bigint as reach,
        count(*) filter (followers is null) as reach_unknown
    from people
    group by flow),
flows as (
    select flow, rumour,
        arg_min(id, place) filter (official) as post,
        arg_min(text, place) filter (official) as text,
        arg_min(kind, place) filter (official) as kind,
        arg_min(url, place) filter (official) as url,
        min(created_at) filter (official) as said_at,
        max(created_at) as last_at,
        count(*) as posts
    from judged
    where of_officials
    group by flow, rumour),
replies as (
    select j.thread, count(*) as replies
    from judged j
    where not j.of_officials
    group by j.thread)
select f.flow, f.rumour, f.post, f.text, f.kind, f.url, f.said_at, f.last_at, f.posts, r.people, r.reach, r.reach_unknown,
    coalesce(a.replies, 0) as replies,
    f.rumour not in (select rumour from with_public_claims) as alone,
    f.rumour in (
        select rumour
        from rumour_events
        where incident = $incident and kind = 'surfaced' and known_at <= $as_of) as on_board
from flows f
left join reaches r on r.flow = f.flow
left join replies a on a.thread = f.post
order by f.said_at desc nulls last, f.flow
