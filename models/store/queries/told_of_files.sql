-- What reading told of the files of a source, in the order in which it was first told, as known at a moment.
select file, place, fact, arg_max(mark, known_at) as mark, arg_max(items, known_at) as items
from told_of_files
where source = $source and known_at <= $as_of
group by file, place, fact
order by min(known_at), min(rowid)
