-- The number of the latest act that changed what the model must keep to, 0 where nobody has acted.
select number
from constraint_number($incident)
