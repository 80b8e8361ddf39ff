-- Which weights judged: every vector, stance of the model and likelihood carries the digest of what made it.

-- Null is not known, as for all that was judged before, and is the same as no other. What people judged has none.
alter table embeddings drop column model;
alter table embeddings add column encoder varchar;
alter table stances add column weights varchar;
alter table rumour_events add column weights varchar;

create or replace macro stances_as_of(of_incident, as_of) as table
    select flow, rumour, label, judged_by, support, deny, query, "comment", weights
    from stances
    where incident = of_incident and known_at <= as_of
    qualify row_number() over (
        partition by flow, rumour order by judged_by <> 'model' desc, rowid desc) = 1;
