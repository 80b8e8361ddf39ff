-- One version of a correction.
insert into corrections (
    incident, id, version, rumour, status, verdict, wording, channel, authority, evidence_url, issued_at,
    recorded_by, recorded_role, service, user_id, approved_by, review_by, request, known_at)
values (
    $incident, $id, $version, $rumour, $status, $verdict, $wording, $channel, $authority, $evidence_url,
    $issued_at, $recorded_by, $recorded_role, $service, $user_id, $approved_by, $review_by, $request, $known_at)
