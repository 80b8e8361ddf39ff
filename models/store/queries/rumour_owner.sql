-- The decision by which somebody, or some desk, answers for a rumour: the last that was not undone.
select number, act, user_id, assignee_user
from decisions
where incident = $incident and rumour = $rumour and act in ('take', 'assign')
    and number not in (select undoes from decisions where incident = $incident and undoes is not null)
order by number desc
limit 1
