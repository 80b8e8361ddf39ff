-- The committed place of one reader.
select arg_max(position, known_at) as position
from cursors
where name = $name
