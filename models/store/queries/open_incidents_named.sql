-- The open incidents of one name.
select id
from incidents_as_of($as_of)
where name = $name and closed_at is null
