-- The words, addresses and places of these posts; the rows stay, so that counts stay.
update posts
set text = '', url = null, latitude = null, longitude = null, removed_at = $known_at
where seq in (select unnest($seqs::bigint[]))
