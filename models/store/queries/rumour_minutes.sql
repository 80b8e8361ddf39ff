-- Dated posts of one rumour by minute and stance, as known at a moment; a post nobody has coded yet has none.
select date_trunc('minute', created_at) as minute, stance, count(*) as posts
from judged_posts_of($incident, $rumour, $as_of)
where created_at is not null
group by all
order by minute, stance
