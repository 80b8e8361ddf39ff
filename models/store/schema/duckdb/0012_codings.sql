-- The coding desk: people label flows blind to one another and to the model, and somebody else settles differences.

-- A sample of an incident's flows that is coded. It can be drawn again from `seed` and what was known at `drawn_at`.
create table coding_rounds (
    incident varchar not null, id varchar not null, number integer not null, coders integer not null,
    seed ubigint not null, drawn_at timestamp not null, officer varchar not null, role varchar not null,
    request varchar, known_at timestamp not null);

-- The flows of a round. `claim` is the post whose words are coded toward; `model_label` is the model's at the draw,
-- which no coder is shown; `inclusion` is the probability with which a flow of this stratum was drawn.
create table coding_flows (
    incident varchar not null, round varchar not null, place integer not null, flow varchar not null,
    rumour varchar not null, claim varchar not null, stratum varchar not null, stratum_flows integer not null,
    inclusion double not null, model_label varchar not null, known_at timestamp not null);

-- What a person said of a flow; no label: they skipped it. The latest of each person counts.
create table codings (
    incident varchar not null, round varchar not null, flow varchar not null, rumour varchar not null, label varchar,
    coder varchar not null, role varchar not null, request varchar, known_at timestamp not null);

-- That a coder's labels are final, or with `everybody`, and a reason, that nobody codes in the round any more.
create table coding_ends (
    incident varchar not null, round varchar not null, officer varchar not null, role varchar not null,
    everybody boolean not null, reason varchar, request varchar, known_at timestamp not null);

-- How a difference was settled. The latest of each flow counts.
create table adjudications (
    incident varchar not null, round varchar not null, flow varchar not null, rumour varchar not null,
    label varchar not null, officer varchar not null, role varchar not null, reason varchar not null,
    request varchar, known_at timestamp not null);
