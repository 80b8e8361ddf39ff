-- The caption that a request pinned or took away, as it was pinned; none for a request without a name.
select id, incident, rumour, pinned_to, text, officer, role, service, user_id, known_at
from annotations
where incident = $incident and id = (
    select id
    from annotations
    where incident = $incident and request = $request
    limit 1)
order by known_at
limit 1
