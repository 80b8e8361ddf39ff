-- How a difference between coders was settled.
insert into adjudications (incident, round, flow, rumour, label, officer, role, service, user_id, reason, request, known_at)
values ($incident, $round, $flow, $rumour, $label, $officer, $role, $service, $user_id, $reason, $request, $known_at)
