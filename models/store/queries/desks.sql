-- The desks that rumours of an incident were assigned to, the one used last first.
select assignee
from decisions
where incident = $incident and act = 'assign' and assignee_user is null
group by assignee
order by max(number) desc
