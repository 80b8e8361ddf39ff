-- The dead letters of posts and accounts that are erased.
delete from dead_letters
where post in (select unnest($posts::varchar[])) or author in (select unnest($authors::varchar[]))
