-- The next version of an incident; no officer where a program opened it.
insert into incident_versions (
    incident, version, name, purpose, lawful_basis, terms, languages, accounts, sources, area, retention,
    closed_at, of_service, acted_on_by, seen_by, officer, role, service, user_id, reason, request, known_at)
values (
    $incident, $version, $name, $purpose, $lawful_basis, $terms, $languages, $accounts, $sources, $area,
    $retention, $closed_at, $of_service, $acted_on_by, $seen_by, $officer, $role, $service, $user_id, $reason, $request, $known_at)
