-- An incident, as it was when it was opened.
insert into incidents (
    id, name, purpose, lawful_basis, exercise, opened_at, closed_at, known_at)
values (
    $id, $name, $purpose, $lawful_basis, $exercise, $opened_at, $closed_at, $known_at)
