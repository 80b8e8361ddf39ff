-- Where a few flows are now, without ranking the assignments of all the others.

create macro assignments_of(of_incident, of_flows) as table
    select flow,
        case when coalesce(arg_max(pins, decision), false) then arg_max(rumour, decision)
            else arg_max(rumour, rowid) end as rumour
    from flow_assignments
    where incident = of_incident and (of_flows is null or flow in (select unnest(of_flows)))
    group by flow;

-- The flows that were put in a rumour, or got a post, after a stamp. Stamps grow with the rows, so only the newest ones
-- are looked at, however many there are.
create macro flows_changed(of_incident, after) as table
    select flow
    from flow_assignments
    where known_at > after and incident = of_incident
    union
    select flow
    from flow_posts
    where known_at > after and incident = of_incident;
