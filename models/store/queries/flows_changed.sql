-- The flows of an incident that were put in a rumour, or got a post, after a stamp.
select flow
from flows_changed($incident, $after)
