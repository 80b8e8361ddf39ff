-- Captions that people pin to moments of an incident or of one of its rumours (`rumour` null: of the whole incident).
-- `pinned_to` is the moment of stream time. A caption that was taken away gets a second row that says so.

create table annotations (
    incident varchar not null, id varchar not null, rumour varchar, pinned_to timestamp not null, text varchar not null,
    officer varchar not null, role varchar not null, removed boolean not null, request varchar, known_at timestamp not null);
