-- The reading that every screen starts from: each post of an incident with its flow, its rumour and its stance,
-- as known at a moment. A person's assignment or stance wins over the model's; the latest of each wins.

create macro assignments_as_of(of_incident, as_of) as table
    select flow, rumour
    from flow_assignments
    where incident = of_incident and known_at <= as_of
    qualify row_number() over (
        partition by flow order by assigned_by <> 'model' desc, known_at desc) = 1;

create macro stances_as_of(of_incident, as_of) as table
    select flow, rumour, label, judged_by, support, deny, query, "comment"
    from stances
    where incident = of_incident and known_at <= as_of
    qualify row_number() over (
        partition by flow, rumour order by judged_by <> 'model' desc, known_at desc) = 1;

create macro judged_posts(of_incident, as_of) as table
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official, p.text, p.url,
        p.reposts, f.flow, f.thread, a.rumour, s.label as stance, s.judged_by as stance_by
    from flow_posts f
    join posts p on p.seq = f.seq
    join assignments_as_of(of_incident, as_of) a on a.flow = f.flow
    left join stances_as_of(of_incident, as_of) s on s.flow = f.flow and s.rumour = a.rumour
    where f.incident = of_incident and f.known_at <= as_of;

-- The same for one rumour: its flows are narrowed down first, since ranking every assignment costs the most.
create macro judged_posts_of(of_incident, of_rumour, as_of) as table
    with candidates as (
        select distinct flow
        from flow_assignments
        where incident = of_incident and rumour = of_rumour and known_at <= as_of),
    assigned as (
        select a.flow, a.rumour
        from flow_assignments a
        join candidates c on c.flow = a.flow
        where a.incident = of_incident and a.known_at <= as_of
        qualify row_number() over (
            partition by a.flow order by a.assigned_by <> 'model' desc, a.known_at desc) = 1),
    coded as (
        select flow, label, judged_by
        from stances
        where incident = of_incident and rumour = of_rumour and known_at <= as_of
        qualify row_number() over (partition by flow order by judged_by <> 'model' desc, known_at desc) = 1)
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official, p.text, p.url,
        p.reposts, f.flow, f.thread, a.rumour, s.label as stance, s.judged_by as stance_by
    from assigned a
    join flow_posts f on f.flow = a.flow
    join posts p on p.seq = f.seq
    left join coded s on s.flow = f.flow
    where a.rumour = of_rumour and f.incident = of_incident and f.known_at <= as_of;
