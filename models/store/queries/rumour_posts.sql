-- The latest posts of one rumour; undated ones stand by their order of arrival.
select id, kind, created_at, official, text, flow, stance, stance_by
from judged_posts_of($incident, $rumour, $as_of)
order by seq desc
limit $limit
