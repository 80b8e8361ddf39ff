-- Every incident as its latest version says, oldest first.
select id, name, purpose, lawful_basis, exercise, opened_at, closed_at, terms, languages, accounts, sources, area,
    retention, of_service, acted_on_by, seen_by
from incidents_as_of($as_of)
order by known_at
