-- The number of the last post, and the last place in any incident.
select
    (select coalesce(max(seq), 0) from posts) as seq,
    (select coalesce(max(place), 0) from incident_posts) as place
