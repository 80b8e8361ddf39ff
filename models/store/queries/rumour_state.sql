-- The state that the decisions on a rumour left it in, or those before the decision of one number.
select arg_max(state, number) as state
from decisions
where incident = $incident and rumour = $rumour and ($before::integer is null or number < $before)
