-- What became of everything that was read, without keeping what was passed over.

-- One row for each source, file, hour, outcome and reason; an outcome of '' counts all that was read. The rows of the
-- current hour grow: few rows, however many posts a second pass by.
create table reading_counts (
    source varchar not null, file varchar not null, hour timestamp not null, outcome varchar not null,
    reason varchar not null, detail varchar not null, items bigint not null, known_at timestamp not null);
