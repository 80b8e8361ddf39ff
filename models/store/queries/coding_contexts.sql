-- What a coder meets of each of $flows: its words and copies, the post that it answers, and the words of the claim at the
-- same place in $claims. No stance is read here: coders are blind to one another and to the model.
with asked as (
    select unnest($flows::varchar[]) as flow, unnest($claims::varchar[]) as claim),
said as (
    select q.flow, q.claim, f.seq, f.place
    from asked q
    join flow_posts f on f.incident = $incident and f.flow = q.flow),
opened as (
    select s.flow, s.claim,
        arg_min(p.seq, s.place) filter (p.removed_at is null) as seq,
        count(*) as posts,
        count(distinct p.author) as people,
        min(p.created_at) as first_at,
        max(p.created_at) as last_at
    from said s
    join posts p on p.seq = s.seq
    group by all)
select o.flow, o.posts, o.people, o.first_at, o.last_at, p.text, p.kind, p.official,
    coalesce(p.reply_to, p.quote_of) is not null as answers,
    case when a.removed_at is null then a.text end as answered_text, a.id is not null as answered_here,
    case when c.removed_at is null then c.text end as claim_text
from opened o
left join posts p on p.seq = o.seq
left join posts a on a.id = coalesce(p.reply_to, p.quote_of)
left join posts c on c.id = o.claim
order by o.flow
