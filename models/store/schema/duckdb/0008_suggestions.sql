-- Which pairs of rumours may be one claim, how probable that is and why, and that people hold two to be different.

-- The latest row of a pair holds. Without a probability the suggestion is withdrawn. `reason` names words by their place
-- in a post, so that they go when the post is erased.
create table suggestions (
    incident varchar not null, rumour varchar not null, other varchar not null,
    probability double, reason varchar, known_at timestamp not null);

-- As before, and now also by each refusal to merge.
create or replace macro constraint_number(of_incident) as table
    with numbered as (
        select number, act, row_number() over (partition by rumour order by number) as nth
        from decisions
        where incident = of_incident)
    select coalesce(max(number), 0) as number
    from numbered
    where nth = 1 or act in ('merge', 'refuse', 'split', 'move', 'undo');
