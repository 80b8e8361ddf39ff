-- The version that a request made, of whichever incident.
select i.id, v.name, v.purpose, v.lawful_basis, i.exercise, i.opened_at, v.closed_at, v.terms, v.languages, v.accounts,
    v.sources, v.area, v.retention, v.of_service, v.acted_on_by, v.seen_by
from incident_versions v
join incidents i on i.id = v.incident
where v.request = $request
