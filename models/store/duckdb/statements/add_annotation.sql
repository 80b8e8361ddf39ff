-- A caption that was pinned, or, with `removed`, taken away.
insert into annotations (incident, id, rumour, pinned_to, text, officer, role, service, user_id, removed, request, known_at)
values ($incident, $id, $rumour, $pinned_to, $text, $officer, $role, $service, $user_id, $removed, $request, $known_at)
