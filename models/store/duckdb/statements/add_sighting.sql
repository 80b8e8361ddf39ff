-- How a sighting came in; its words are the post of the same number.
insert into sightings (
    incident, seq, post, heard_by, heard_at, reliability, place, shared, taken_by, role, service, user_id, request, known_at)
values (
    $incident, $seq, $post, $heard_by, $heard_at, $reliability, $place, $shared, $taken_by, $role, $service, $user_id, $request,
    $known_at)
