-- That somebody took something out of an incident.
insert into consultations (
    incident, what, filter, as_of, officer, role, reason, request, known_at)
values (
    $incident, $what, $filter, $as_of, $officer, $role, $reason, $request, $known_at)
