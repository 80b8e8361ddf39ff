-- Who has coded in the rounds of an incident as known at a moment, in the order in which they began.
select round, coder, arg_min(role, rowid) as role, arg_min(service, rowid) as service, user_id
from codings
where incident = $incident and known_at <= $as_of
group by round, coder, user_id
order by min(rowid)
