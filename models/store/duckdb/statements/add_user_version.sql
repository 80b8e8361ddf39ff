-- A user as recorded once.
insert into user_versions (
    user_id, version, way, sign_in_name, name, service, blocked, grants, officer, role, officer_service, officer_user,
    reason, request, known_at)
values (
    $user, $version, $way, $sign_in_name, $name, $service, $blocked,
    $grants::struct(role varchar, service varchar, incident varchar)[], $officer, $role, $officer_service,
    $officer_user, $reason, $request, $known_at)
