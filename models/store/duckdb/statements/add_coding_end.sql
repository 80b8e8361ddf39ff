-- That a person's coding of a round, or everybody's, has ended.
insert into coding_ends (incident, round, officer, role, service, user_id, everybody, reason, request, known_at)
values ($incident, $round, $officer, $role, $service, $user_id, $everybody, $reason, $request, $known_at)
