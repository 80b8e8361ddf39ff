-- The latest version of every correction of an incident, or of one rumour in it, oldest first.
select id, version, rumour, status, verdict, wording, channel, authority, evidence_url, issued_at, recorded_by,
    recorded_role, approved_by, review_by, known_at
from corrections
where incident = $incident and ($rumour is null or rumour = $rumour) and known_at <= $as_of
qualify row_number() over (partition by id order by version desc) = 1
order by issued_at, id
