-- An incident belongs to one service, which shares it with others: null for all incidents of before, which belong to
-- none and are worked on by all.
alter table incident_versions add column of_service varchar;
alter table incident_versions add column acted_on_by varchar[];
alter table incident_versions add column seen_by varchar[];

-- Whether those services may read the words that go with an act. Null, as for all acts of before, is no.
alter table decisions add column shared boolean;
alter table sightings add column shared boolean;

-- Made anew: it gives the columns of the versions.
create or replace macro incidents_as_of(as_of) as table
    select i.id, i.exercise, i.opened_at, i.known_at, v.* exclude (incident, known_at)
    from incidents i
    join incident_versions v on v.incident = i.id
    where v.known_at <= as_of
    qualify row_number() over (partition by i.id order by v.version desc) = 1;
