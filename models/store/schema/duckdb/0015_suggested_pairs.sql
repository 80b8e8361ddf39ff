-- Suggested pairs can be read without the words of their titles and reasons.

-- Pairs of rumours that may be one claim as known at a moment: of a whole incident, or of one rumour. Without pairs that
-- people merged, split or refused to merge.
create macro suggested_pairs(of_incident, of_rumour, as_of) as table
    with latest as (
        select rumour, other, probability, reason, known_at
        from suggestions
        where incident = of_incident and known_at <= as_of and (of_rumour is null or of_rumour in (rumour, other))
        qualify row_number() over (partition by rumour, other order by rowid desc) = 1),
    merged as (
        select rumour, survivor
        from merged_as_of(of_incident, as_of)),
    parted as (
        select coalesce(a.survivor, d.rumour) as rumour, coalesce(b.survivor, d.target) as other
        from decisions d
        left join merged a on a.rumour = d.rumour
        left join merged b on b.rumour = d.target
        where d.incident = of_incident and d.known_at <= as_of and d.act in ('refuse', 'split')
            and not exists (
                select 1 from decisions u
                where u.incident = of_incident and u.known_at <= as_of and u.undoes = d.number)),
    standing as (
        select l.*
        from latest l
        where l.probability is not null
            and l.rumour not in (select rumour from merged) and l.other not in (select rumour from merged)
            and not exists (
                select 1 from parted p
                where p.rumour in (l.rumour, l.other) and p.other in (l.rumour, l.other) and p.rumour <> p.other))
    select rumour, other, probability, reason, known_at
    from standing;
