-- Who is named in entries of the audit, of an incident or of all, each with the name that they had last, by name.
select coalesce(user_id, officer) as who, arg_max(officer, number) as name
from audit_entries
where officer is not null
    and ($incident::varchar is null or incident = $incident)
group by who
order by lower(name), who
