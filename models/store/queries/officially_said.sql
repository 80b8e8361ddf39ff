-- What is officially said in an incident: warnings, and the posts of official and own accounts, newest first, as known at
-- a moment, at most $most of them. `warnings` and `posts` are how many there are; `is_replaced` says that a later warning
-- updates or cancels this one. What an official account only reposts is not its own word.
with officials as materialized (
    -- First of all incidents: few posts are official, and so the large table of what reached which is read but once.
    select p.seq, p.id, p.kind, p.text, p.created_at, p.quote_of
    from posts_as_of($as_of) p
    where p.official and p.kind <> 'repost'),
said as (
    select o.*, o.kind = 'alert' as is_warning
    from officials o
    join incident_posts i on i.seq = o.seq
    where i.incident = $incident and i.known_at <= $as_of)
select s.seq, s.kind, s.text, s.created_at as said_at,
    count(*) filter (is_warning) over () as warnings,
    count(*) filter (not is_warning) over () as posts,
    s.is_warning and s.id in (select quote_of from said where is_warning and quote_of is not null) as is_replaced
from said s
order by s.created_at desc nulls last, s.seq desc
limit $most
