-- More of what was read of a source and file in this hour, and what became of it.
merge into reading_counts as c
using (
    select unnest($outcomes::varchar[]) as outcome, unnest($reasons::varchar[]) as reason,
        unnest($details::varchar[]) as detail, unnest($items::bigint[]) as items) as i
on c.hour = date_trunc('hour', $known_at::timestamp) and c.source = $source and c.file = $file
    and c.outcome = i.outcome and c.reason = i.reason and c.detail = i.detail
when matched then update set items = c.items + i.items, known_at = $known_at::timestamp
when not matched then insert (source, file, hour, outcome, reason, detail, items, known_at)
    values ($source, $file, date_trunc('hour', $known_at::timestamp), i.outcome, i.reason, i.detail, i.items,
        $known_at::timestamp)
