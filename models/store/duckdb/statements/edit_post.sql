-- The newer words of a post.
update posts
set text = $text, edited_at = $edited_at
where seq = $seq
