-- The latest dead letters of a source.
select source, position, reason, payload, arrived_at, post, author
from dead_letters
where source = $source
order by known_at desc, position desc
limit $limit
