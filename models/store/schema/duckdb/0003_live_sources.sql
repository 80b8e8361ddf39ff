-- Live sources: several incidents that posts reach by what they say, edits, deletions, and how each source does.

alter table posts add column edited_at timestamp;
alter table posts add column removed_at timestamp;
alter table posts add column latitude double;
alter table posts add column longitude double;

-- The words that stood until known_at, when an edit replaced them.
create table post_versions (
    seq bigint not null, text varchar not null, edited_at timestamp, known_at timestamp not null);

-- What may not come back: a post, or all that an account had posted by removed_at. `posts` is how many it took away.
create table tombstones (
    id_key ubigint, post varchar, author varchar, source varchar not null, reason varchar not null,
    removed_at timestamp not null, posts integer not null, known_at timestamp not null);

-- `place` is the order in which posts reached an incident: a post that is stored already may reach another one later.
create table placed_incident_posts as
    select incident, seq, post, matched, seq as place, known_at from incident_posts;
drop table incident_posts;
alter table placed_incident_posts rename to incident_posts;
create table placed_flow_posts as
    select incident, flow, seq, post, thread, seq as place, known_at from flow_posts;
drop table flow_posts;
alter table placed_flow_posts rename to flow_posts;

-- Everything about an incident that people may change; its latest version holds. No officer: opened by a program.
create table incident_versions (
    incident varchar not null, version integer not null, name varchar not null, purpose varchar not null,
    lawful_basis varchar not null, terms varchar[] not null, languages varchar[] not null,
    accounts varchar[] not null, sources varchar[] not null, area varchar, retention varchar not null,
    closed_at timestamp, officer varchar, role varchar, reason varchar, request varchar, known_at timestamp not null);
insert into incident_versions
    select id, 1, name, purpose, lawful_basis, [], [], [], [], null, 'routine', closed_at, null, null, null, null,
        known_at
    from incidents;

create table source_health (
    source varchar not null, kind varchar not null, happened_at timestamp not null, detail varchar not null,
    began_at timestamp, ended_at timestamp, known_at timestamp not null);

create table permissions (
    source varchar not null, reference varchar not null, officer varchar not null, role varchar not null,
    recorded_at timestamp not null, known_at timestamp not null);

-- What a person wrote down of something heard: the words are the post of the same seq.
create table sightings (
    incident varchar not null, seq bigint not null, post varchar not null, heard_by varchar not null,
    heard_at timestamp not null, reliability varchar not null, place varchar not null, taken_by varchar not null,
    role varchar not null, request varchar, known_at timestamp not null);

create table named_dead_letters as
    select md5(concat_ws(' ', source, position, reason)) as id, source, position, reason, payload, arrived_at,
        null::varchar as post, null::varchar as author, known_at
    from dead_letters;
drop table dead_letters;
alter table named_dead_letters rename to dead_letters;

-- Text that was removed is removed from every reading, as-of readings too.
create or replace macro judged_posts(of_incident, as_of) as table
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official,
        case when p.removed_at is null then p.text end as text, p.url, p.reposts, p.edited_at, p.removed_at,
        f.flow, f.thread, f.place, a.rumour, s.label as stance, s.judged_by as stance_by
    from flow_posts f
    join posts p on p.seq = f.seq
    join assignments_as_of(of_incident, as_of) a on a.flow = f.flow
    left join stances_as_of(of_incident, as_of) s on s.flow = f.flow and s.rumour = a.rumour
    where f.incident = of_incident and f.known_at <= as_of;

create or replace macro judged_posts_of(of_incident, of_rumour, as_of) as table
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
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official,
        case when p.removed_at is null then p.text end as text, p.url, p.reposts, p.edited_at, p.removed_at,
        f.flow, f.thread, f.place, a.rumour, s.label as stance, s.judged_by as stance_by
    from assigned a
    join flow_posts f on f.flow = a.flow
    join posts p on p.seq = f.seq
    left join coded s on s.flow = f.flow
    where a.rumour = of_rumour and f.incident = of_incident and f.known_at <= as_of;

-- The incidents as their latest version says, as known at a moment.
create macro incidents_as_of(as_of) as table
    select i.id, i.exercise, i.opened_at, i.known_at, v.* exclude (incident, known_at)
    from incidents i
    join incident_versions v on v.incident = i.id
    where v.known_at <= as_of
    qualify row_number() over (partition by i.id order by v.version desc) = 1;

-- Gaps of the sources as known at a moment: each as it was last told, without those that were made good.
create macro gaps_as_of(as_of) as table
    select source, began_at as since, ended_at as until, detail as why
    from source_health
    where kind in ('gap opened', 'gap closed', 'gap filled') and known_at <= as_of
    -- What one transaction tells of a gap's beginning and of its end has one known_at: the end counts.
    qualify row_number() over (
        partition by source, began_at order by known_at desc, kind = 'gap opened') = 1 and kind <> 'gap filled';
