-- What a person said of a flow.
insert into codings (incident, round, flow, rumour, label, coder, role, service, user_id, request, known_at)
values ($incident, $round, $flow, $rumour, $label, $coder, $role, $service, $user_id, $request, $known_at)
