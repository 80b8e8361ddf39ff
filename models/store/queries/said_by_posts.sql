-- What these posts say and who says it, to be compared with what comes under their ids. By their numbers, which follow
-- one another: only the parts of the table that hold one of them are read.
select id, author, stated_at, text, edited_at, removed_at
from posts
where seq in (select unnest($seqs::bigint[]))
