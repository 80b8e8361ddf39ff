-- Of each of $flows the first post whose words are still there, with the words of the claim at the same place in $claims.
with asked as (
    select unnest($flows::varchar[]) as flow, unnest($claims::varchar[]) as claim),
opened as (
    select q.flow, q.claim, arg_min(f.seq, f.place) as seq
    from asked q
    join flow_posts f on f.incident = $incident and f.flow = q.flow
    join posts p on p.seq = f.seq and p.removed_at is null
    group by all)
select o.flow, p.id, p.source, p.kind, p.created_at, p.author_followers, p.text, p.lang, p.reply_to, p.root,
    p.repost_of, p.quote_of, p.reposts, p.official, c.text as claim_text
from opened o
join posts p on p.seq = o.seq
join posts c on c.id = o.claim and c.removed_at is null
order by p.seq
