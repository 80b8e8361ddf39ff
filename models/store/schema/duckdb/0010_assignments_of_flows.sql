-- Where a few flows are now, without ranking the assignments of all the others.

create macro assignments_of(of_incident, of_flows) as table
    select flow,
        case when coalesce(arg_max(pins, decision), false) then arg_max(rumour, decision)
            else arg_max(rumour, rowid) end as rumour
    from flow_assignments
    where incident = of_incident and (of_flows is null or flow in (select unnest(of_flows)))
    group by flow;
