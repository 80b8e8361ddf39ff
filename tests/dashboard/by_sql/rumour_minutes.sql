-- Dated posts of the public in one rumour by minute and stance, as known at a moment; a post nobody has coded yet has
-- none. What officials post, and what copies it, is no vote.
with carried as (
    select *, bool_or(official) over (partition by flow) as of_officials
    from judged_posts_of($incident, $rumour, $as_of))
select date_trunc('minute', created_at) as minute, stance, count(*) as posts
from carried
where created_at is not null and not of_officials
group by all
order by minute, stance
