-- That a schema file has run.
insert into migrations (name, applied_at)
values ($name, $applied_at)
