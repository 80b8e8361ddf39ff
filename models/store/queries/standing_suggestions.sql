-- The pairs of rumours that the model last held to be one claim, as it wrote them.
select rumour, other, probability, reason
from suggestions
where incident = $incident
qualify row_number() over (partition by rumour, other order by rowid desc) = 1 and probability is not null
order by rumour, other
