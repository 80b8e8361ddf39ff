-- The number of the post of the sighting that a request logged.
select seq
from sightings
where incident = $incident and request = $request
