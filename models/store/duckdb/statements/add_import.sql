-- That somebody begins to read a file into an incident.
insert into imports (
    id, incident, file, size_bytes, digest, takes, columns, zone, shape, officer, role, service, user_id, reason, request, known_at)
values (
    $id, $incident, $file, $size_bytes, $digest, $takes, $columns, $zone, $shape, $officer, $role, $service, $user_id, $reason, $request,
    $known_at)
