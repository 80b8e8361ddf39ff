-- The number and the link of the latest decision of an incident.
select number, link
from decisions
where incident = $incident
order by number desc
limit 1
