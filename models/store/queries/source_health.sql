-- What happened to a source, newest first.
select source, kind, happened_at, detail, began_at, ended_at, officer, role, service, user_id
from source_health
where source = $source and known_at <= $as_of
order by known_at desc
limit $limit
