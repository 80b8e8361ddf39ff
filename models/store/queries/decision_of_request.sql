-- The decision that a request made.
select number, incident, rumour, act, state, officer, role, service, user_id, reason, correction, decided_at, target, undoes,
    assignee, assignee_service, assignee_user, shared
from decisions
where incident = $incident and request = $request
