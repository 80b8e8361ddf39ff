-- The rumours of an incident that were merged away, each with the one that lives on, as known at a moment.
select rumour, survivor
from merged_as_of($incident, $as_of)
order by rumour
