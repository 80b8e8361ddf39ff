-- What entries of the audit are about, by kind.
select kind, what
from audit_entries
group by all
order by all
