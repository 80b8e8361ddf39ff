-- The last of the next places at which posts of an incident are judged, null where none is left: a range to read by.
with following as (
    select place
    from flow_posts
    where incident = $incident and known_at <= $as_of and place > $after
    order by place
    limit $limit)
select max(place) as upto
from following
