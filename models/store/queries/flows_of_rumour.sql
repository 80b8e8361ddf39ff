-- The flows that are in a rumour.
select flow
from flows_of($incident, $rumour, $as_of)
