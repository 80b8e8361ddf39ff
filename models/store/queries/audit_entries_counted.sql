-- How many entries the audit has, whatever their numbers.
select count(*) as entries
from audit_entries
