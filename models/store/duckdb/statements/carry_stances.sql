-- Each flow's latest stance of the model, and of people where the claim is the same, copied to another rumour.
insert into stances by name
with latest as (
    select *
    from stances
    where incident = $incident and flow in (select unnest($flows::varchar[]))
        and (judged_by = 'model' or rumour in ($rumour, $same_claim_as))
    qualify row_number() over (partition by flow, judged_by = 'model' order by rowid desc) = 1)
select incident, flow, $rumour as rumour, label, support, deny, query, "comment", judged_by, weights, claim,
    $known_at::timestamp as known_at
from latest
where rumour <> $rumour
order by flow, judged_by
