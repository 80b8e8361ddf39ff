-- One post of an incident with what is kept of its author and its address; no words and no address where it was removed.
select p.id, p.author,
    case when p.removed_at is null then p.text end as text,
    case when p.removed_at is null then p.url end as url
from incident_posts i
join posts p on p.seq = i.seq
where i.incident = $incident and i.seq = $number
