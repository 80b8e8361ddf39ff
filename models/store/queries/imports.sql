-- The files that were read into an incident, or into any, and how each ended; the latest first.
select i.id, i.incident, i.file, i.size_bytes, i.digest, i.takes, i.columns, i.zone, i.shape, i.officer, i.role, i.service, i.user_id,
    i.reason, i.known_at as started_at, e.ended, e.detail, e.known_at as ended_at,
    e.officer as ended_officer, e.role as ended_role, e.service as ended_service, e.user_id as ended_user_id
from imports i
left join import_ends e on e.import = i.id and e.known_at <= $as_of
where ($incident::varchar is null or i.incident = $incident)
    and ($shape::varchar is null or i.shape = $shape)
    and ($request::varchar is null or i.request = $request)
    and i.known_at <= $as_of
order by i.known_at desc
