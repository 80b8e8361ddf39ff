-- A round of coding.
insert into coding_rounds (incident, id, number, coders, seed, drawn_at, officer, role, service, user_id, request, known_at)
values ($incident, $id, $number, $coders, $seed, $drawn_at, $officer, $role, $service, $user_id, $request, $known_at)
