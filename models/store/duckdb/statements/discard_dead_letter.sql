-- One dead letter erased.
delete from dead_letters
where id = $id
returning source, reason
