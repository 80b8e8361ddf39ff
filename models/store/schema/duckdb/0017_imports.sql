-- Files that people read into incidents on the screen.

-- `columns` is a JSON object: field of a post → column, as a person confirmed it. Tables of one `shape` have the same
-- header: its latest row says how to read the next one.
create table imports (
    id varchar not null, incident varchar not null, file varchar not null, size_bytes bigint not null,
    digest varchar not null, takes varchar not null, columns varchar not null, zone varchar not null,
    shape varchar not null, officer varchar not null, role varchar not null, reason varchar not null, request varchar,
    known_at timestamp not null);

create table import_ends (
    import varchar not null, ended varchar not null, detail varchar not null, known_at timestamp not null);
