-- The number of the latest act that changed what the model must keep to, 0 where nobody had acted.
select number
from constraint_number($incident, $as_of)
