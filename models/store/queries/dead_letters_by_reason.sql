-- How many items could not be read, by reason.
select reason, count(*) as letters
from dead_letters
group by reason
order by letters desc, reason
