-- One decision, linked to the one before it.
insert into decisions (
    incident, number, rumour, act, state, officer, role, service, user_id, reason, correction, target, undoes, assignee,
    assignee_service, assignee_user, decided_at, salt, link, shared, request, known_at)
values (
    $incident, $number, $rumour, $act, $state, $officer, $role, $service, $user_id, $reason, $correction, $target, $undoes,
    $assignee, $assignee_service, $assignee_user, $decided_at, $salt, $link, $shared, $request, $known_at)
