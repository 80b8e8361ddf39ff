-- The latest version of every correction of an incident, or of one rumour in it and those merged into it, oldest first.
select id, version, rumour, status, verdict, wording, channel, authority, evidence_url, issued_at, recorded_by,
    recorded_role, service, user_id, approved_by, review_by, known_at
from corrections
where incident = $incident and known_at <= $as_of and (
    $rumour is null or rumour = $rumour
    or rumour in (select rumour from merged_as_of($incident, $as_of) where survivor = $rumour))
qualify row_number() over (partition by id order by version desc) = 1
order by issued_at, id
