-- The words of these posts that edits have replaced.
delete from post_versions
where seq in (select unnest($seqs::bigint[]))
