-- The flows of a coding round in the order in which they are coded, or one of them.
select place, flow, rumour, claim, stratum, stratum_flows, inclusion, model_label
from coding_flows
where incident = $incident and round = $round and ($flow is null or flow = $flow)
order by place
