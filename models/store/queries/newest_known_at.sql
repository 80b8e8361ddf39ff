-- The newest stamp on anything that was written.
with newest as (
    select max(known_at) as known_at from posts
    union all
    select max(known_at) from incident_posts
    union all
    select max(known_at) from flow_posts
    union all
    select max(known_at) from stances
    union all
    select max(known_at) from embeddings
    union all
    select max(known_at) from cursors
    union all
    select max(known_at) from decisions
    union all
    select max(known_at) from incident_versions
    union all
    select max(known_at) from source_health
    union all
    select max(known_at) from permissions
    union all
    select max(known_at) from dead_letters
    union all
    select max(known_at) from tombstones
    union all
    select max(known_at) from consultations
    union all
    select max(known_at) from annotations
    union all
    select max(known_at) from coding_rounds
    union all
    select max(known_at) from codings
    union all
    select max(known_at) from coding_ends
    union all
    select max(known_at) from adjudications
    union all
    select max(known_at) from imports
    union all
    select max(known_at) from import_ends
    union all
    select max(known_at) from reading_counts
    union all
    select max(known_at) from told_of_files
    union all
    select max(known_at) from user_versions
    union all
    select max(known_at) from credentials
    union all
    select max(known_at) from sessions
    union all
    select max(known_at) from session_ends)
select max(known_at) as known_at
from newest
