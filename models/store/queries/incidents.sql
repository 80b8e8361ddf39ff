-- Every incident, oldest first.
select id, name, purpose, lawful_basis, exercise, opened_at, closed_at
from incidents
order by known_at
