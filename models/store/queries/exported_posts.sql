-- The judged posts of an incident, or of one rumour in it, with their flow, rumour and stance and who coded that, as known
-- at a moment, in order of arrival; only those of a range of places. Of a removed post all that says something is gone.
select j.id, p.source, p.collection, j.kind, j.created_at, j.author, j.author_followers, j.official, j.text, p.lang,
    p.reply_to, p.root, p.repost_of, p.quote_of, j.reposts, j.url, j.edited_at, p.latitude, p.longitude,
    j.removed_at is not null as removed, j.flow, j.rumour, j.stance, j.stance_by as stance_coded_by
from judged_posts($incident, $as_of) j
join posts p on p.seq = j.seq
where ($rumour is null or j.rumour = $rumour) and j.place > $after and j.place <= $upto
order by j.place
