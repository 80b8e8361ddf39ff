-- The words of these posts that edits have replaced; that there were edits stays.
update post_versions
set text = ''
where seq in (select unnest($seqs::bigint[]))
