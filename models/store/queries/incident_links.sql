-- Which incidents posts have reached, by their numbers.
select incident, seq
from incident_posts
where seq in (select unnest($seqs::bigint[]))
