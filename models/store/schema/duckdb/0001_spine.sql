-- The spine: posts as they came, what was judged of them, and what people did.
-- Append-only; every time is UTC; known_at is stamped by the writer at commit and strictly increases.
-- No primary keys and no secondary indexes: keys cost pauses over a second at a million rows, so the single
-- writer keeps ids apart itself.

create table incidents (
    id varchar not null, name varchar not null, purpose varchar not null, lawful_basis varchar not null,
    exercise boolean not null, opened_at timestamp not null, closed_at timestamp, known_at timestamp not null);

-- id_key is a 64-bit digest of id: the duplicate check scans it instead of the text.
create table posts (
    seq bigint not null, id_key ubigint not null, id varchar not null,
    source varchar not null, collection varchar, kind varchar not null,
    created_at timestamp, stated_at timestamp, arrived_at timestamp not null,
    author varchar, author_followers bigint, official boolean not null,
    text varchar not null, lang varchar,
    reply_to varchar, root varchar, repost_of varchar, quote_of varchar,
    reposts bigint, url varchar, flags varchar[] not null, known_at timestamp not null);

create table incident_posts (
    incident varchar not null, seq bigint not null, post varchar not null,
    matched varchar not null, known_at timestamp not null);

create table dead_letters (
    source varchar not null, position varchar not null, reason varchar not null, payload varchar not null,
    arrived_at timestamp not null, known_at timestamp not null);

-- The committed place of every reader: a source in its stream, the pipeline in an incident.
create table cursors (name varchar not null, position varchar not null, known_at timestamp not null);

create table flow_posts (
    incident varchar not null, flow varchar not null, seq bigint not null, post varchar not null,
    thread varchar not null, known_at timestamp not null);

-- float16 rows, apart from the posts: inline they make pauses of seconds.
create table embeddings (
    incident varchar not null, flow varchar not null, model varchar not null, vector blob not null,
    known_at timestamp not null);

create table flow_assignments (
    incident varchar not null, flow varchar not null, rumour varchar not null, assigned_by varchar not null,
    confidence double, known_at timestamp not null);

create table stances (
    incident varchar not null, flow varchar not null, rumour varchar not null, label varchar not null,
    support double, deny double, query double, "comment" double,
    judged_by varchar not null, known_at timestamp not null);

create table rumour_events (
    incident varchar not null, rumour varchar not null, kind varchar not null, happened_at timestamp,
    post varchar, likelihood double, detail varchar not null, known_at timestamp not null);

create table corrections (
    incident varchar not null, id varchar not null, version integer not null, rumour varchar not null,
    status varchar not null, verdict varchar not null, wording varchar not null, channel varchar not null,
    authority varchar not null, evidence_url varchar, issued_at timestamp not null,
    recorded_by varchar not null, recorded_role varchar not null, approved_by varchar, review_by timestamp,
    request varchar, known_at timestamp not null);

-- `request` is the browser's own name for an act: a retry of the same request writes nothing twice.
-- One hash chain an incident: link = digest(previous link, salted digest of the fields).
create table decisions (
    incident varchar not null, number integer not null, rumour varchar not null, act varchar not null,
    state varchar not null, officer varchar not null, role varchar not null, reason varchar not null,
    correction varchar, decided_at timestamp not null, salt varchar not null, link varchar not null,
    request varchar, known_at timestamp not null);
