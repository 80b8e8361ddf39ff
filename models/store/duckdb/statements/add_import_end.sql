-- How the reading of a file ended.
insert into import_ends (import, ended, detail, officer, role, service, user_id, known_at)
values ($import, $ended, $detail, $officer, $role, $service, $user_id, $known_at)
