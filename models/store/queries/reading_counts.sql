-- What was read since an hour and what became of it, the latest hour first. At a moment of the past only hours that were
-- over count, since the counts of an hour grow until then.
select source, file, hour, nullif(outcome, '') as outcome, reason, detail, items
from reading_counts
where hour < date_trunc('hour', $as_of::timestamp)
    and ($since::timestamp is null or hour >= $since)
    and ($source::varchar is null or source = $source)
order by hour desc, source, file, outcome, reason, detail
