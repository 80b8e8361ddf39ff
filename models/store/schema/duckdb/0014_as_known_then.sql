-- A reading of a moment shows the words that stood then, though they were edited since. What was removed is removed
-- from every reading.

-- The words that posts had at a moment, of those that were edited since. The single writer only appends, so rowid is the
-- order of writing, also where one transaction brought several edits.
create macro words_before_edits(as_of) as table
    select seq, text, edited_at
    from post_versions
    where known_at > as_of
    qualify row_number() over (partition by seq order by rowid) = 1;

-- The posts as known at a moment; no words where they were removed, at whatever time.
create macro posts_as_of(as_of) as table
    select p.* exclude (text, edited_at),
        case when p.removed_at is null then coalesce(v.text, p.text) end as text,
        case when v.seq is null then p.edited_at else v.edited_at end as edited_at
    from posts p
    left join words_before_edits(as_of) v on v.seq = p.seq
    where p.known_at <= as_of;

create or replace macro judged_posts(of_incident, as_of) as table
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official, p.text, p.url, p.reposts,
        p.edited_at, p.removed_at, f.flow, f.thread, f.place, a.rumour, s.label as stance, s.judged_by as stance_by
    from flow_posts f
    join posts_as_of(as_of) p on p.seq = f.seq
    join assignments_as_of(of_incident, as_of) a on a.flow = f.flow
    left join stances_as_of(of_incident, as_of) s on s.flow = f.flow and s.rumour = a.rumour
    where f.incident = of_incident and f.known_at <= as_of;

create or replace macro judged_posts_of(of_incident, of_rumour, as_of) as table
    with coded as (
        select flow, label, judged_by
        from stances
        where incident = of_incident and rumour = of_rumour and known_at <= as_of
        qualify row_number() over (partition by flow order by judged_by <> 'model' desc, rowid desc) = 1)
    select p.seq, p.id, p.kind, p.created_at, p.author, p.author_followers, p.official, p.text, p.url, p.reposts,
        p.edited_at, p.removed_at, f.flow, f.thread, f.place, of_rumour as rumour, s.label as stance,
        s.judged_by as stance_by
    from flows_of(of_incident, of_rumour, as_of) a
    join flow_posts f on f.flow = a.flow
    join posts_as_of(as_of) p on p.seq = f.seq
    left join coded s on s.flow = f.flow
    where f.incident = of_incident and f.known_at <= as_of;

-- As before, and now also as known at a moment.
create or replace macro constraint_number(of_incident, as_of) as table
    with numbered as (
        select number, act, row_number() over (partition by rumour order by number) as nth
        from decisions
        where incident = of_incident and known_at <= as_of)
    select coalesce(max(number), 0) as number
    from numbered
    where nth = 1 or act in ('merge', 'refuse', 'split', 'move', 'undo');
