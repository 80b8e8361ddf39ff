-- How many posts of an incident have been erased. Few are: they are found first, and looked for among the incident's.
select count(*) as posts
from incident_posts
where incident = $incident and seq in (select seq from posts where removed_at is not null)
