-- The posts of one rumour in order of arrival, as known at a moment: what bubbles are drawn from.
select place, rumour, flow, created_at, author_followers as followers, official
from judged_posts_of($incident, $rumour, $as_of)
order by place
