-- Who may sign in, what they prove themselves by, and their sessions.

-- A user changes only by a new version. `user_id` and `service` are the user's own. `officer` to `officer_user` say
-- who recorded it; all NULL where the provider did.
create table user_versions (
    user_id varchar not null, version integer not null, way varchar not null, sign_in_name varchar not null,
    name varchar not null, service varchar not null, blocked boolean not null,
    grants struct(role varchar, service varchar, incident varchar)[] not null,
    officer varchar, role varchar, officer_service varchar, officer_user varchar, reason varchar, request varchar,
    known_at timestamp not null);

-- The latest row of a user counts. The secrets of former rows are erased.
create table credentials (
    user_id varchar not null, password varchar, second_factor varchar, set_up varchar, set_up_until timestamp,
    last_code bigint, known_at timestamp not null);

-- `id` is the digest of a token that only the browser has. `seen_at` is kept up to about a minute.
create table sessions (
    id varchar not null, user_id varchar not null, way varchar not null, device varchar not null,
    started_at timestamp not null, seen_at timestamp not null, provider_session varchar, known_at timestamp not null);

-- `officer` to `user_id` say who ended it, NULL where it ended by itself.
create table session_ends (
    session varchar not null, ended varchar not null, officer varchar, role varchar, service varchar,
    user_id varchar, known_at timestamp not null);
