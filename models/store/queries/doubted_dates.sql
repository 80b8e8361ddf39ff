-- The posts whose own date was not believed and that stand where they arrived, as known at a moment.
select seq, stated_at
from posts
where stated_at < created_at and removed_at is null and known_at <= $as_of
