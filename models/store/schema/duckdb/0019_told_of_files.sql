-- What reading a file told of it: a sheet that was not read, a separator that was found, ids that were made anew.

-- A row each time a fact is new or its count has grown; `items` is null where nothing is counted. `place` is the part
-- of the file that it is about; `mark` says where screens mark the file for it.
create table told_of_files (
    source varchar not null, file varchar not null, place varchar not null, fact varchar not null, mark varchar,
    items bigint, known_at timestamp not null);
