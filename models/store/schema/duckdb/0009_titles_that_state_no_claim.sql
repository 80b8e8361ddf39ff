-- A title may be the words of a post that asks or denies, where no post states the claim: then no stance is read toward
-- it, and screens say so.

-- Whether the words that name a rumour state its claim, by the detail of the event that named it. Older ones do not say.
create macro names_by_claim(detail) as coalesce(detail ->> '$.states_claim', 'true') = 'true';

-- The post whose words state each rumour's claim now, and the flow that says them.
create or replace macro titles_of(of_incident) as table
    with latest as (
        select rumour, arg_max(post, known_at) as post, names_by_claim(arg_max(detail, known_at)) as states_claim
        from rumour_events
        where incident = of_incident and kind = 'title'
        group by rumour)
    select l.rumour, l.post, f.flow
    from latest l
    join flow_posts f on f.incident = of_incident and f.post = l.post
    where l.states_claim;
