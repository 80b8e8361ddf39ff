-- The committed place of a reader.
insert into cursors (name, position, known_at)
values ($name, $position, $known_at)
