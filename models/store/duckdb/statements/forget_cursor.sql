-- The former place of a reader, before the new one is saved.
delete from cursors
where name = $name
