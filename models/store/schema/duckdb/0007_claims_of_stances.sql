-- Toward which claim the model read a stance: the post whose words named the rumour then.

-- Null is not known, as for all that was read before, or that the rumour had no title.
alter table stances add column claim varchar;

-- The post whose words name each rumour now, and the flow that says them.
create macro titles_of(of_incident) as table
    with latest as (
        select rumour, arg_max(post, known_at) as post
        from rumour_events
        where incident = of_incident and kind = 'title'
        group by rumour)
    select l.rumour, l.post, f.flow
    from latest l
    join flow_posts f on f.incident = of_incident and f.post = l.post;
