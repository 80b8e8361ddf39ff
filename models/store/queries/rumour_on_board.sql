-- Whether a rumour has come on the board of an incident, and whether it was merged into another since.
select
    exists (
        select 1
        from rumour_events
        where incident = $incident and rumour = $rumour and kind = 'surfaced') as surfaced,
    exists (
        select 1
        from merged_as_of($incident, $as_of)
        where rumour = $rumour) as merged
