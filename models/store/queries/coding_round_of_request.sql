-- The coding round that a request started.
select id
from coding_rounds
where incident = $incident and request = $request
