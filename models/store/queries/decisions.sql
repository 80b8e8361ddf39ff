-- The log of an incident, or of one rumour in it with what was merged into it or split off for it, newest first.
select number, incident, rumour, act, state, officer, role, service, user_id, reason, correction, decided_at, salt, link, target, undoes,
    assignee, assignee_service, assignee_user, shared
from decisions
where incident = $incident and known_at <= $as_of and (
    $rumour is null or $rumour in (rumour, target)
    or rumour in (select rumour from merged_as_of($incident, $as_of) where survivor = $rumour))
order by number desc
