-- A permission is recorded once a request, as every other act is.

alter table permissions add column request varchar;
