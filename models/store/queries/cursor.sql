-- The committed place of one reader, and when it was committed.
select arg_max(position, known_at) as position, max(known_at) as saved_at
from cursors
where name = $name
