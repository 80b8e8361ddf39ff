-- What each source had brought by a moment: its posts, those that arrived in the hour before, and the newest one's time.
select source,
    count(*) as posts,
    count(*) filter (arrived_at > $now::timestamp - interval 1 hour) as recent,
    max(created_at) as last_post_at
from posts
where known_at <= $as_of
group by source
order by source
