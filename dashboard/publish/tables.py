"""The tables of an export, in typed columns: posts, rumours, corrections, decisions, and those that look back."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.publish.selection import Selection
from dashboard.publish.story_tables import looking_back
from dashboard.publish.table import DECIMAL, TEXT, TIME, TRUTH, WHOLE, Row, Table
from dashboard.views.board import BoardRow, read_rows
from dashboard.views.notes import reason_for
from dashboard.words.masking import masked_whole
from models.domain.acts import Act, Officer
from models.domain.rumours import Stance
from models.store import Store
from models.text import harmless

# Enough for a row group of Parquet to be worth reading, little enough for memory.
ROWS_AT_ONCE = 20_000
_POSTS = {
    "id": TEXT,
    "source": TEXT,
    "collection": TEXT,
    "kind": TEXT,
    "created_at": TIME,
    "stated_at": TIME,
    "author": TEXT,
    "author_followers": WHOLE,
    "official": TRUTH,
    "text": TEXT,
    "lang": TEXT,
    "lang_detected": TEXT,
    "lang_detected_share": DECIMAL,
    "lang_detected_by": TEXT,
    "reply_to": TEXT,
    "root": TEXT,
    "repost_of": TEXT,
    "quote_of": TEXT,
    "reposts": WHOLE,
    "url": TEXT,
    "edited_at": TIME,
    "latitude": DECIMAL,
    "longitude": DECIMAL,
    "removed": TRUTH,
    "flow": TEXT,
    "rumour": TEXT,
    "stance": TEXT,
    "stance_coded_by": TEXT,
}
_STANCES = {stance.value: WHOLE for stance in Stance} | {"not_coded": WHOLE}
_RUMOURS = {
    "rumour": TEXT,
    "claim": TEXT,
    "state": TEXT,
    "owner": TEXT,
    "owner_service": TEXT,
    "posts": WHOLE,
    "official_posts": WHOLE,
    "undated": WHOLE,
    "flows": WHOLE,
    "people": WHOLE,
    "posts_without_author": WHOLE,
    "reach": WHOLE,
    "reach_unknown": WHOLE,
    **_STANCES,
    "first_at": TIME,
    "first_query_at": TIME,
    "first_denial_at": TIME,
    "first_correction_at": TIME,
    "last_at": TIME,
    "surfaced_at": TIME,
    "likelihood": DECIMAL,
    "verdict": TEXT,
    "corrections": WHOLE,
    "decisions": WHOLE,
}
_CORRECTIONS = {
    "id": TEXT,
    "version": WHOLE,
    "rumour": TEXT,
    "status": TEXT,
    "verdict": TEXT,
    "wording": TEXT,
    "channel": TEXT,
    "authority": TEXT,
    "evidence_url": TEXT,
    "issued_at": TIME,
    "review_by": TIME,
    "recorded_by": TEXT,
    "recorded_role": TEXT,
    "service": TEXT,
    "approved_by": TEXT,
    "known_at": TIME,
}
_DECISIONS = {
    "number": WHOLE,
    "rumour": TEXT,
    "act": TEXT,
    "state": TEXT,
    "target": TEXT,
    "undoes": WHOLE,
    "correction": TEXT,
    "officer": TEXT,
    "role": TEXT,
    "service": TEXT,
    "assignee": TEXT,
    "assignee_service": TEXT,
    "reason": TEXT,
    "shared": TRUTH,
    "decided_at": TIME,
    "link": TEXT,
}


def tables(store: Store, selection: Selection, rows: Mapping[str, BoardRow]) -> tuple[Table, ...]:
    """All of them; `rows` are the rumours on the board at that moment, by id."""
    chosen = [row for row in rows.values() if selection.rumour in (None, row.id)]
    return (
        Table("posts", _POSTS, posts(store, selection)),
        Table("rumours", _RUMOURS, [[_rumour(row, selection) for row in chosen]]),
        Table("corrections", _CORRECTIONS, [[_correction(row, selection) for row in _corrections(store, selection)]]),
        Table("decisions", _DECISIONS, [[_decision(row, selection) for row in _decisions(store, selection)]]),
        *looking_back(store, selection, {row.id: row for row in chosen}),
    )


def posts(store: Store, selection: Selection) -> Iterator[list[Row]]:
    """The posts of a selection in order of arrival, a batch at a time."""
    after, asked = 0, _asked(selection)
    moment = {"incident": selection.incident.id, "as_of": selection.as_of}
    while True:
        (row,) = store.views.rows("next_places", **moment, after=after, limit=ROWS_AT_ONCE)
        if row["upto"] is None:
            return
        batch = store.views.rows("exported_posts", **asked, after=after, upto=row["upto"])
        yield [selection.mask.post(one) for one in batch] if selection.mask else batch
        after = row["upto"]


def board_rows(store: Store, selection: Selection) -> dict[str, BoardRow]:
    """The rumours on the board at the moment of a selection, or the one that it chooses, by id."""
    return read_rows(store, selection.incident.id, selection.as_of, rumour=selection.rumour, as_of=selection.as_of)


def _asked(selection: Selection) -> dict[str, Any]:
    return {"incident": selection.incident.id, "rumour": selection.rumour, "as_of": selection.as_of}


def _logged(store: Store, query: str, selection: Selection) -> list[Row]:
    return store.views.rows(query, **_asked(selection))


def _decisions(store: Store, selection: Selection) -> list[Row]:
    return list(reversed(_logged(store, "decisions", selection)))


def _corrections(store: Store, selection: Selection) -> list[Row]:
    return _logged(store, "correction_versions", selection)


def _correction(row: Row, selection: Selection) -> Row:
    return {
        **row,
        "id": selection.name("correction", row["id"]),
        "rumour": selection.name("rumour", row["rumour"]),
    }


def _decision(row: Row, selection: Selection) -> Row:
    """What an officer types may quote a handle. The salt stays: with it an erased reason could be guessed."""
    typed = masked_whole if selection.mask else harmless
    officer, shared = Officer(row["officer"], row["role"], row["service"] or "", row["user_id"]), bool(row["shared"])
    reason = reason_for(selection.reader, Act(row["act"]), officer, row["reason"], shared=shared)
    return {
        **row,
        **{name: selection.name("rumour", row[name]) for name in ("rumour", "target")},
        "correction": selection.name("correction", row["correction"]),
        "assignee": None if row["assignee"] is None else typed(row["assignee"]),
        "reason": typed(reason),
        "shared": shared,
    }


def _rumour(row: BoardRow, selection: Selection) -> Row:
    stances = {stance.value if stance else "not_coded": count for stance, count in row.stances.items()}
    same = {name: getattr(row, name) for name in _RUMOURS if hasattr(row, name)}
    return {
        **same,
        **stances,
        "rumour": selection.name("rumour", row.id),
        "state": row.state.value,
        "owner": row.owner.name if row.owner else None,
        "owner_service": row.owner.service or None if row.owner else None,
        "verdict": row.verdict.value if row.verdict else None,
    }
