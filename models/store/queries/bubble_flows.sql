-- The flows of all rumours on the board of an incident, as known at a moment: the words that opened each (of what is not
-- removed), its stance, and who coded it.
select j.flow,
    arg_min(j.text, j.place) as text,
    any_value(j.stance) as stance,
    any_value(j.stance_by) as stance_by
from judged_posts($incident, $as_of) j
where j.rumour in (
    select rumour
    from rumour_events
    where incident = $incident and kind = 'surfaced' and known_at <= $as_of)
group by j.flow
