-- When posts of a source are missing, oldest first.
select source, since, until, why
from gaps_as_of($as_of)
order by since, source
