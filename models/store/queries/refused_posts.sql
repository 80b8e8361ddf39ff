-- Those posts of the registered table "batch" that a tombstone keeps out, or keeps as they are.
select b.id
from batch b
join tombstones t on t.id_key = b.id_key and t.post = b.id
union all
select b.id
from batch b
join tombstones t on t.author = b.author and (b.created_at is null or b.created_at <= t.removed_at)
