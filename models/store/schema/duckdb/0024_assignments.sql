-- Whom a rumour was assigned to, by an act of that name: a person with their user's id and service, or a desk.

alter table decisions add column assignee varchar;
alter table decisions add column assignee_service varchar;
alter table decisions add column assignee_user varchar;
