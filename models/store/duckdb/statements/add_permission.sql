-- That a restricted platform allows this use.
insert into permissions (
    source, reference, officer, role, service, user_id, recorded_at, request, known_at)
values (
    $source, $reference, $officer, $role, $service, $user_id, $recorded_at, $request, $known_at)
