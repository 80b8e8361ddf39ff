-- Which numbered schema files have run. It stands before the first of them.
create table if not exists migrations (name varchar not null, applied_at timestamp not null)
