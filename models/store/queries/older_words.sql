-- The words of a post, where an edit at $edited_at changes them and is newer than what stands.
select text
from posts
where seq = $seq and (edited_at is null or edited_at < $edited_at) and text <> $text and removed_at is null
