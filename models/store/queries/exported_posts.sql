-- The judged posts of an incident, or of one rumour in it, with their flow, rumour and stance and who coded that, as known
-- at a moment, in order of arrival; only those of a range of places. Of a removed post all that says something is gone.
-- stated_at stands where the time that a post states of itself was not believed; lang is what the source states, and
-- lang_detected what was detected where it states none.
with those as (
    select list(seq) as seqs
    from flow_posts
    where incident = $incident and place > $after and place <= $upto)
select j.id, p.source, p.collection, j.kind, j.created_at,
    case when j.removed_at is null and p.stated_at <> j.created_at then p.stated_at end as stated_at, j.author, j.author_followers, j.official, j.text,
    p.lang, case when j.removed_at is null then l.language end as lang_detected,
    case when j.removed_at is null then l.share end as lang_detected_share,
    case when j.removed_at is null then l.detected_by end as lang_detected_by,
    p.reply_to, p.root, p.repost_of, p.quote_of, j.reposts, j.url, j.edited_at, p.latitude, p.longitude,
    j.removed_at is not null as removed, j.flow, j.rumour, j.stance, j.stance_by as stance_coded_by
from judged_posts($incident, $as_of) j
join posts p on p.seq = j.seq
left join languages_as_of((select seqs from those), $as_of) l on l.seq = j.seq
where ($rumour is null or j.rumour = $rumour) and j.place > $after and j.place <= $upto
order by j.place
