-- What people did about each rumour of an incident that they did anything about, as known at a moment: its state, how
-- often it was decided on and by which decision somebody, or some desk, answers for it; the corrections that stand, the
-- first of them and what the latest says.
with merged as (
    select rumour, survivor
    from merged_as_of($incident, $as_of)),
acts as (
    select rumour, count(*) as decisions, arg_max(state, number) as state
    from decisions
    where incident = $incident and known_at <= $as_of
    group by rumour),
-- Where nobody answered for the rumour that others were merged into, whoever answered for one of them does.
owners as (
    select coalesce(m.survivor, d.rumour) as rumour, d.number, d.act, d.officer, d.role, d.service, d.user_id, d.reason,
        d.assignee, d.assignee_service, d.assignee_user
    from decisions d
    left join merged m on m.rumour = d.rumour
    where d.incident = $incident and d.known_at <= $as_of and d.act in ('take', 'assign')
        and d.number not in (
            select undoes from decisions
            where incident = $incident and known_at <= $as_of and undoes is not null)
    qualify row_number() over (
        partition by coalesce(m.survivor, d.rumour) order by m.rumour is not null, d.number desc) = 1),
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
    left join merged m on m.rumour = c.rumour
    group by all)
select rumour, coalesce(a.state, 'new') as state, coalesce(a.decisions, 0) as decisions, o.number as owning, o.act,
    o.officer, o.role, o.service, o.user_id, o.reason, o.assignee, o.assignee_service, o.assignee_user,
    coalesce(c.corrections, 0) as corrections, c.first_correction_at, c.verdict
from acts a
full join owners o using (rumour)
full join answers c using (rumour)
