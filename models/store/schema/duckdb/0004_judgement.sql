-- People's merges, splits and moves: which decision put a flow where it is, and the readings that follow from it.

-- `decision` numbers the act of a person that wrote the row, null where the model did. `pins`: no model run takes the
-- flow away again. The rows that an undo writes say what held before.
alter table flow_assignments add column decision integer;
alter table flow_assignments add column pins boolean;

-- `target` is the other rumour of a merge, split or move; `undoes` the number of the decision that is taken back.
alter table decisions add column target varchar;
alter table decisions add column undoes integer;

-- The single writer only appends, so rowid is the order of writing, also within one transaction.
-- A flow is where the latest row puts it, but for the model's rows after a person's that pins it.
create or replace macro assignments_as_of(of_incident, as_of) as table
    select flow,
        case when coalesce(arg_max(pins, decision), false) then arg_max(rumour, decision)
            else arg_max(rumour, rowid) end as rumour
    from flow_assignments
    where incident = of_incident and known_at <= as_of
    group by flow;

-- The flows of one rumour. Those that ever were in it are narrowed down first: ranking every assignment costs most.
create macro flows_of(of_incident, of_rumour, as_of) as table
    with candidates as (
        select distinct flow
        from flow_assignments
        where incident = of_incident and rumour = of_rumour and known_at <= as_of),
    assigned as (
        select a.flow,
            case when coalesce(arg_max(a.pins, a.decision), false) then arg_max(a.rumour, a.decision)
                else arg_max(a.rumour, a.rowid) end as rumour
        from flow_assignments a
        join candidates c on c.flow = a.flow
        where a.incident = of_incident and a.known_at <= as_of
        group by a.flow)
    select flow
    from assigned
    where rumour = of_rumour;

create or replace macro stances_as_of(of_incident, as_of) as table
    select flow, rumour, label, judged_by, support, deny, query, "comment"
    from stances
    where incident = of_incident and known_at <= as_of
    qualify row_number() over (
        partition by flow, rumour order by judged_by <> 'model' desc, rowid desc) = 1;

create or replace macro judged_posts_of(of_incident, of_rumour, as_of) as table
    with coded as (
        select flow, label, judged_by
        from stances
        where incident = of_incident and rumour = of_rumour and known_at <= as_of
        qualify row_number() over (partition by flow order by judged_by <> 'model' desc, rowid desc) = 1)
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official,
        case when p.removed_at is null then p.text end as text, p.url, p.reposts, p.edited_at, p.removed_at,
        f.flow, f.thread, f.place, of_rumour as rumour, s.label as stance, s.judged_by as stance_by
    from flows_of(of_incident, of_rumour, as_of) a
    join flow_posts f on f.flow = a.flow
    join posts p on p.seq = f.seq
    left join coded s on s.flow = f.flow
    where f.incident = of_incident and f.known_at <= as_of;

-- The rumours that were merged away, each with the one that lives on: the latest of merged and split counts, and a
-- rumour may be merged into one that was merged later.
create macro merged_as_of(of_incident, as_of) as table
    with recursive lineage as (
        select rumour, arg_max(kind, rowid) as kind, arg_max(detail ->> '$.into', rowid) as target
        from rumour_events
        where incident = of_incident and kind in ('merged', 'split') and known_at <= as_of
        group by rumour),
    merges as (
        select rumour, target
        from lineage
        where kind = 'merged'),
    followed as (
        select rumour, target as survivor
        from merges
        union
        select f.rumour, m.target
        from followed f
        join merges m on m.rumour = f.survivor)
    select rumour, survivor
    from followed
    where survivor not in (select rumour from merges);

-- Grows with every act that changes what the model must keep to: the first on each rumour, and each that rearranges.
create macro constraint_number(of_incident) as table
    with numbered as (
        select number, act, row_number() over (partition by rumour order by number) as nth
        from decisions
        where incident = of_incident)
    select coalesce(max(number), 0) as number
    from numbered
    where nth = 1 or act in ('merge', 'split', 'move', 'undo');
