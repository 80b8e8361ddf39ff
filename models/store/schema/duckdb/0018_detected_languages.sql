-- The language of posts whose source states none, detected in their words: never mixed with what a source states.

-- A language of null: it was looked for and is not certain. The share is how much of the text is in it, 0 to 1.
create table detected_languages (
    seq bigint not null, language varchar, share double, detected_by varchar not null, known_at timestamp not null);

-- The languages that were detected of posts, as known at a moment, in the words that stood then.
create macro languages_as_of(of_seqs, as_of) as table
    with edits as (
        select seq, max(known_at) as edited_known_at
        from post_versions
        where known_at <= as_of and seq in (select unnest(of_seqs))
        group by seq)
    select d.seq, d.language, d.share, d.detected_by
    from detected_languages d
    left join edits e on e.seq = d.seq
    where d.seq in (select unnest(of_seqs)) and d.known_at <= as_of and d.language is not null
        and (e.seq is null or d.known_at > e.edited_known_at)
    qualify row_number() over (partition by d.seq order by d.rowid desc) = 1;
