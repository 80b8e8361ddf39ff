-- Pairs of rumours of an incident that may be one claim, the most probable first, as known at a moment.
select rumour, other, probability
from suggested_pairs($incident, null, $as_of)
order by probability desc, rumour, other
