-- All that an account had posted by a moment and that still has its words.
-- What came before the removal in the stream's order was posted before it, whatever time its author gave it.
select seq
from posts
where author = $author and removed_at is null
    and ($in_order or created_at is null or created_at <= $removed_at)
