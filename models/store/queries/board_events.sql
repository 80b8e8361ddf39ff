-- Titles and scores of rumours by the number of the event: the words that a title names as known at a moment, and
-- whether they state the claim; the likelihood and the reasons of a score.
select e.rowid as event, e.kind, t.text, names_by_claim(e.detail) as states_claim, e.likelihood, e.detail
from rumour_events e
left join posts_as_of($as_of) t on t.id = e.post
where e.incident = $incident and e.rowid in (select unnest($events::bigint[]))
