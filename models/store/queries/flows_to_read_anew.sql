-- Flows whose vector was made by another encoder, or one that is not known: the words of their first posts, by arrival.
-- `waiting` is how many there are in all. Removed words are not read again.
with others as (
    select flow
    from embeddings
    where incident = $incident and encoder is distinct from $encoder),
openers as (
    select f.flow, min(f.place) as place
    from flow_posts f
    join others o on o.flow = f.flow
    where f.incident = $incident
    group by f.flow)
select o.flow, p.text, count(*) over () as waiting
from openers o
join flow_posts f on f.incident = $incident and f.flow = o.flow and f.place = o.place
join posts p on p.seq = f.seq and p.removed_at is null
order by o.place
limit $limit
