-- The flows of one rumour, the most copied first: the words that opened each (of what is not removed), its copies, people and times.
select flow,
    arg_min(text, place) as text,
    arg_min(kind, place) as kind,
    any_value(stance) as stance,
    any_value(stance_by) as stance_by,
    bool_or(official) as official,
    bool_or(edited_at is not null) as edited,
    count(*) as posts,
    count(distinct author) as people,
    min(created_at) as first_at,
    max(created_at) as last_at
from judged_posts_of($incident, $rumour, $as_of)
group by flow
order by posts desc, people desc, first_at, flow
limit $limit
