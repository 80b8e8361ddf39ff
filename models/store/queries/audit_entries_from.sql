-- The entries of the audit from a number on, in order: how the chain goes on.
select number, happened_at, kind, what, incident, subject, officer, role, service, user_id, reason, salt,
    reason_digest, record, previous, link, known_at
from audit_entries
where number >= $first
order by number, rowid
