-- The flows of an incident that were put in a rumour, or got a post, after a stamp. Stamps grow with the rows, so only
-- the newest ones are looked at, however many there are.
select flow
from flow_assignments
where known_at > $after and incident = $incident
union
select flow
from flow_posts
where known_at > $after and incident = $incident
