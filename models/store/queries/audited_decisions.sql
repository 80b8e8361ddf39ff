-- Every decision, as its own chain and the audit know it, oldest first.
select incident, number, rumour, act, state, officer, role, service, user_id, reason, correction, target, undoes,
    assignee, assignee_service, assignee_user, decided_at, salt, link, shared, request, known_at
from decisions
order by incident, number, rowid
