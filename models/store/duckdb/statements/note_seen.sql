-- When the browsers of sessions asked for something last.
update sessions
set seen_at = i.seen_at
from incoming i
where sessions.id = i.session
