-- The entries of the audit after one number and up to another, in order: how the chain goes on. Without numbers all
-- that there are.
select number, happened_at, kind, what, incident, subject, officer, role, service, user_id, reason, salt,
    reason_digest, record, previous, link, known_at
from audit_entries
where ($after::bigint is null or number > $after)
    and ($upto::bigint is null or number <= $upto)
order by number, rowid
