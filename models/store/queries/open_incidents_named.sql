-- The open incidents of one name that people of a service know of: all, for one that belongs to none.
select id
from incidents_as_of($as_of)
where name = $name and closed_at is null and (
    $service = '' or coalesce(of_service, '') in ('', $service)
    or list_contains(acted_on_by, $service) or list_contains(seen_by, $service))
