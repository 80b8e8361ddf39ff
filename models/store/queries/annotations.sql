-- The captions of an incident as known at a moment, by the moment that they are pinned to; without those taken away.
-- With a rumour only its own, and those of rumours that were merged into it.
with latest as (
    select *
    from annotations
    where incident = $incident and known_at <= $as_of
    qualify row_number() over (partition by id order by known_at desc) = 1),
merged as (
    select rumour, survivor
    from merged_as_of($incident, $as_of))
select a.id, a.incident, coalesce(m.survivor, a.rumour) as rumour, a.pinned_to, a.text, a.officer, a.role, a.service, a.user_id, a.known_at
from latest a
left join merged m on m.rumour = a.rumour
where not a.removed and ($rumour is null or coalesce(m.survivor, a.rumour) = $rumour)
order by a.pinned_to, a.known_at
