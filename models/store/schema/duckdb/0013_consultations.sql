-- Who took what out of Grapevine: an export or a report is a consultation of the record, and is kept as one.

-- `what` is the form it was taken in, `filter` which part of the incident, `as_of` the moment that it shows.
create table consultations (
    incident varchar not null, what varchar not null, filter varchar not null, as_of timestamp not null,
    officer varchar not null, role varchar not null, reason varchar not null, request varchar,
    known_at timestamp not null);
