-- Entries of the audit, the latest first: of a time, an incident, a person by their user or name, a kind, a what;
-- none of the incidents in `without`; those that come after the entry `after` in this list. All columns, for whoever
-- checks the chain. They are read once it is known which entries are wanted: so a page of a million takes 20 ms.
select number, happened_at, kind, what, incident, subject, officer, role, service, user_id, reason, salt,
    reason_digest, record, previous, link, known_at
from audit_entries
where rowid in (
    select rowid
    from audit_entries
    where known_at >= coalesce($since::timestamp, '-infinity'::timestamp)
        and known_at < coalesce($until::timestamp, 'infinity'::timestamp)
        and ($incident::varchar is null or incident = $incident)
        and ($who::varchar is null or user_id = $who or officer = $who)
        and ($kind::varchar is null or kind = $kind)
        and ($what::varchar is null or what = $what)
        and (incident is null or not list_contains($without::varchar[], incident))
        and ($after::bigint is null or number < $after)
    order by number desc, rowid desc
    limit coalesce($limit::bigint, 9223372036854775807))
order by number desc, rowid desc
