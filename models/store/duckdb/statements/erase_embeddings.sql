-- The vectors that were made of the words of these posts: those of the flows that they open.
delete from embeddings
where (incident, flow) in (
    select incident, flow
    from flow_posts
    where flow in (
        select flow
        from flow_posts
        where seq in (select unnest($seqs::bigint[])))
    group by incident, flow
    having arg_min(seq, place) in (select unnest($seqs::bigint[])))
