-- The next posts of a source that are not removed, in order of arrival.
select seq, id
from posts
where source = $source and seq > $after_seq and removed_at is null
order by seq
limit $limit
