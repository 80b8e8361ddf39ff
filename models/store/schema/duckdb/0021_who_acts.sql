-- For which service somebody acts, and as which user: null where nobody was signed in, as for all acts of before.

alter table decisions add column service varchar;
alter table decisions add column user_id varchar;
alter table corrections add column service varchar;
alter table corrections add column user_id varchar;
alter table incident_versions add column service varchar;
alter table incident_versions add column user_id varchar;
alter table consultations add column service varchar;
alter table consultations add column user_id varchar;
alter table annotations add column service varchar;
alter table annotations add column user_id varchar;
alter table coding_rounds add column service varchar;
alter table coding_rounds add column user_id varchar;
alter table codings add column service varchar;
alter table codings add column user_id varchar;
alter table coding_ends add column service varchar;
alter table coding_ends add column user_id varchar;
alter table adjudications add column service varchar;
alter table adjudications add column user_id varchar;
alter table imports add column service varchar;
alter table imports add column user_id varchar;
alter table permissions add column service varchar;
alter table permissions add column user_id varchar;
alter table sightings add column service varchar;
alter table sightings add column user_id varchar;

-- Who started or stopped a source, or discarded a letter, or cancelled an import; null for what happened by itself.
alter table import_ends add column officer varchar;
alter table import_ends add column role varchar;
alter table import_ends add column service varchar;
alter table import_ends add column user_id varchar;
alter table source_health add column officer varchar;
alter table source_health add column role varchar;
alter table source_health add column service varchar;
alter table source_health add column user_id varchar;
