-- The post whose words name a rumour, where a decision took its flow away; no row where it did not.
with titles as (
    select arg_max(post, rowid) as post
    from rumour_events
    where incident = $incident and rumour = $rumour and kind = 'title')
select t.post
from titles t
join flow_posts f on f.incident = $incident and f.post = t.post
join flow_assignments a on a.incident = $incident and a.flow = f.flow and a.decision = $decision
