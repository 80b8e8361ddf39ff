-- When posts of one author, or one post of an author that is not known, were revealed in an incident since a
-- moment, or between two, but for what one request recorded.
select c.known_at as recorded_at
from consultations c
join posts p on p.id = c.filter
join incident_posts i on i.incident = c.incident and i.seq = p.seq
where c.incident = $incident and c.what = 'reveal' and c.known_at >= $since and ($before is null or c.known_at < $before)
    and (p.id = $post or p.author = $author)
    and c.request is distinct from $request
order by c.known_at
