-- Every version of an incident, the latest first.
select v.version, i.id, v.name, v.purpose, v.lawful_basis, i.exercise, i.opened_at, v.closed_at, v.terms, v.languages,
    v.accounts, v.sources, v.area, v.retention, v.of_service, v.acted_on_by, v.seen_by, v.officer, v.role, v.service, v.user_id, v.reason, v.known_at
from incident_versions v
join incidents i on i.id = v.incident
where v.incident = $incident and v.known_at <= $as_of
order by v.version desc
