-- The correction that a request made.
select id, version, rumour, status, verdict, wording, channel, authority, evidence_url, issued_at, recorded_by,
    recorded_role, service, user_id, approved_by, review_by, known_at
from corrections
where incident = $incident and request = $request
order by version
limit 1
