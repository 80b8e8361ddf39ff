-- The words of a post that an edit is about to replace.
insert into post_versions by name
select seq, text, edited_at, $known_at::timestamp as known_at
from posts
where seq = $seq
