-- The audit: one chain of entries on everything that people do and look at. Only ever added to.

-- `link` is keyed, by a key that is not in the database, and follows from `previous`, the link of the entry before, and
-- from all fields but `reason` and `salt`: of these it follows from `reason_digest`, so that the law's erasure of words
-- keeps the chain. `record` is the keyed digest of the decision or consultation that the entry was written with.
create table audit_entries (
    number bigint not null, happened_at timestamp, kind varchar not null, what varchar not null, incident varchar,
    subject varchar, officer varchar, role varchar, service varchar, user_id varchar, reason varchar, salt varchar,
    reason_digest varchar, record varchar, previous varchar not null, link varchar not null, known_at timestamp not null);
