-- What people did about each rumour of an incident that they did anything about, as known at a moment: its state, who
-- took it and how often it was decided on; the corrections that stand, the first of them and what the latest says.
with acts as (
    select rumour,
        count(*) as decisions,
        arg_max(state, number) as state,
        arg_max(officer, number) filter (act = 'take') as owner,
        arg_max(role, number) filter (act = 'take') as owner_role,
        arg_max(service, number) filter (act = 'take') as owner_service,
        arg_max(user_id, number) filter (act = 'take') as owner_user
    from decisions
    where incident = $incident and known_at <= $as_of
    group by rumour),
latest_corrections as (
    select rumour, id, verdict, issued_at
    from corrections
    where incident = $incident and known_at <= $as_of
    qualify row_number() over (partition by id order by version desc) = 1 and status = 'issued'),
-- What was answered before a merge is answered after it.
answers as (
    select coalesce(m.survivor, c.rumour) as rumour,
        count(*) as corrections,
        min(c.issued_at) as first_correction_at,
        arg_max(c.verdict, row(c.issued_at, c.id)) as verdict
    from latest_corrections c
    left join merged_as_of($incident, $as_of) m on m.rumour = c.rumour
    group by all)
select rumour, coalesce(a.state, 'new') as state, a.owner, a.owner_role, a.owner_service, a.owner_user, coalesce(a.decisions, 0) as decisions,
    coalesce(c.corrections, 0) as corrections, c.first_correction_at, c.verdict
from acts a
full join answers c using (rumour)
