-- The flows that a person's move or split holds in a rumour.
select flow, arg_max(rumour, decision) as rumour
from flow_assignments
where incident = $incident and decision is not null and known_at <= $as_of
group by flow
having arg_max(pins, decision)
order by flow
