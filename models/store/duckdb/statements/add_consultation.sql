-- That somebody took something out of an incident.
insert into consultations (
    incident, what, filter, as_of, officer, role, service, user_id, reason, request, known_at)
values (
    $incident, $what, $filter, $moment, $officer, $role, $service, $user_id, $reason, $request, $known_at)
