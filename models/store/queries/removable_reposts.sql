-- The reposts of the posts that the registered table "named" names, each with the removal.
select p.seq, n.removal
from posts p
join named n on n.post = p.repost_of
where p.kind = 'repost' and p.removed_at is null
