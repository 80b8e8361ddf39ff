-- The posts that were removed, at whatever time, and those that had been edited by a moment.
select seq, removed_at is not null as removed, edited_at is not null as edited
from posts_as_of($as_of)
where removed_at is not null or edited_at is not null
