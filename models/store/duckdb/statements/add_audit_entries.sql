-- The next entries of the audit, in one go.
insert into audit_entries by name
select *
from incoming
