-- How the reading of a file ended.
insert into import_ends (import, ended, detail, known_at)
values ($import, $ended, $detail, $known_at)
