-- The numbered schema files that this database has run.
select name
from migrations
