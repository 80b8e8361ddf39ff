-- Those of these posts that were erased.
select seq
from posts
where removed_at is not null and seq in (select unnest($seqs::bigint[]))
