-- The posts of all rumours on the board of an incident in order of arrival, as known at a moment: what bubbles are drawn
-- from. Their words are in bubble_flows.sql.
select j.place, j.rumour, j.flow, j.created_at, j.author_followers as followers, j.official
from judged_posts($incident, $as_of) j
where j.rumour in (
    select rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced' and known_at <= $as_of)
order by j.place
