-- The last time that somebody started or stopped a source.
select source, kind, happened_at, detail, began_at, ended_at, officer, role, service, user_id
from source_health
where source = $source and kind in ('started', 'stopped')
order by known_at desc
limit 1
