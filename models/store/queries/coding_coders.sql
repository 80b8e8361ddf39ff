-- Who has coded in the rounds of an incident as known at a moment, in the order in which they began.
select round, coder
from codings
where incident = $incident and known_at <= $as_of
group by round, coder
order by min(rowid)
