"""JudgementStore on DuckDB: flows, vectors, assignments, stances and events, as the pipeline decided them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from models.clock import utc_time
from models.domain.posts import Post
from models.domain.rumours import EventKind, RumourEvent, Stance, StanceJudgement
from models.errors import ConstraintsChanged
from models.people.acts import MODEL
from models.store.duckdb.engine import Engine
from models.store.duckdb.languages import add_languages
from models.store.duckdb.rows import post_from_row
from models.store.duckdb.sources import save_cursor
from models.store.duckdb.stances import add_stances, carry_stances, stances_of
from models.store.duckdb.suggestions import save_suggestions
from models.store.duckdb.transaction import Transaction
from models.store.messages import FinalRow, FlowsToRead, JudgedPost, Judgement, PostLanguage, Reassignment

_FINAL_FIELDS = ("seq", "id", "flow", "rumour_first", "rumour", "title", "likelihood", "stance")


class DuckDBJudgement:
    def __init__(self, engine: Engine):
        self._engine = engine

    def unjudged(self, incident: str, after_place: int, limit: int) -> list[Post]:
        rows = self._engine.rows("unjudged_posts", incident=incident, after_place=after_place, limit=limit)
        return [post_from_row(row) for row in rows]

    def save(self, judgement: Judgement) -> Future[None]:
        return self._engine.writer.submit_batch(lambda transaction: _save(transaction, judgement))

    def upto(self, incident: str) -> int:
        return int(self._cursor(_cursor_name(incident)) or 0)

    def consolidated(self, incident: str) -> tuple[datetime, int] | None:
        position = self._cursor(_consolidation_name(incident))
        if position is None:
            return None
        moment, conversations = position.split()
        return utc_time(moment), int(conversations)

    def posts(self, incident: str, encoder: str) -> Iterable[JudgedPost]:
        for row in self._engine.rows("judged_posts", incident=incident, encoder=encoder):
            opens = row["opens_flow"]
            vector = np.frombuffer(row["vector"], np.float16) if opens and row["vector"] is not None else None
            yield JudgedPost(
                post=post_from_row(row),
                flow=row["flow"],
                thread=row["thread"],
                rumour=row["rumour"],
                opens_flow=opens,
                stance=_stance(row) if opens and row["label"] else None,
                vector=vector,
            )

    def flows_to_read_anew(self, incident: str, encoder: str, limit: int) -> FlowsToRead:
        rows = self._engine.rows("flows_to_read_anew", incident=incident, encoder=encoder, limit=limit)
        return FlowsToRead(rows[0]["waiting"] if rows else 0, {row["flow"]: row["text"] for row in rows})

    def replace_vectors(self, incident: str, encoder: str, vectors: Mapping[str, np.ndarray]) -> Future[None]:
        table = pa.table({"flow": list(vectors), "vector": [_bytes_of(vector) for vector in vectors.values()]})
        return self._engine.writer.submit_batch(
            lambda transaction: transaction.append_table(
                "replace_embeddings", table, incident=incident, encoder=encoder
            )
        )

    def edited_since_detection(self, incident: str) -> list[Post]:
        return [post_from_row(row) for row in self._engine.rows("edited_since_detection", incident=incident)]

    def add_languages(self, languages: Sequence[PostLanguage]) -> Future[None]:
        return self._engine.writer.submit_batch(lambda transaction: add_languages(transaction, languages))

    def events(self, incident: str) -> list[RumourEvent]:
        rows = self._engine.rows("rumour_events", incident=incident)
        return [
            RumourEvent(**{**row, "kind": EventKind(row["kind"]), "detail": json.loads(row["detail"])})
            for row in rows
        ]

    def final_rows(self, incident: str) -> list[FinalRow]:
        return [
            FinalRow(
                **{name: row[name] for name in _FINAL_FIELDS},
                stance_probabilities={stance.value: row[stance.value] for stance in Stance} if row["stance"] else {},
                on_board_at=row["on_board_at"],
                lang_detected=row["lang_detected"],
            )
            for row in self._engine.rows("final_rows", incident=incident)
        ]

    def _cursor(self, name: str) -> str | None:
        return self._engine.rows("cursor", name=name)[0]["position"]


def _save(transaction: Transaction, judgement: Judgement) -> None:
    incident = judgement.incident
    _require_same_constraints(transaction, judgement)
    opening = [one for one in judgement.posts if one.opens_flow]
    transaction.append("add_flow_posts", [_flow_post(incident, one) for one in judgement.posts])
    transaction.append("add_flow_assignments", [_assignment(incident, one) for one in opening])
    add_stances(transaction, incident, [*stances_of(opening), *judgement.stances])
    _reassign(transaction, incident, judgement.reassigned)
    # A post may have been erased since it was read: then nothing that was made of its words may be kept.
    erased = {row["seq"] for row in transaction.rows("erased_posts", seqs=[one.post.seq for one in opening])}
    transaction.append(
        "add_embeddings",
        [
            {
                "incident": incident,
                "flow": one.flow,
                "encoder": judgement.encoder,
                "vector": _bytes_of(one.vector),
            }
            for one in opening
            if one.vector is not None and one.post.seq not in erased
        ],
    )
    transaction.append("add_rumour_events", [_event(incident, event) for event in judgement.events])
    add_languages(transaction, judgement.languages)
    if judgement.suggestions is not None:
        save_suggestions(transaction, incident, judgement.suggestions)
    save_cursor(transaction, _cursor_name(incident), str(judgement.upto_place))
    if judgement.consolidated is not None:
        moment, conversations = judgement.consolidated
        save_cursor(transaction, _consolidation_name(incident), f"{moment.isoformat()} {conversations}")


def _require_same_constraints(transaction: Transaction, judgement: Judgement) -> None:
    (constraint,) = transaction.rows("constraint_number", incident=judgement.incident)
    if constraint["number"] != judgement.constraint_number:
        raise ConstraintsChanged(judgement.incident)


def _reassign(transaction: Transaction, incident: str, reassigned: Sequence[Reassignment]) -> None:
    """Put flows where the model puts them now. After their stances are saved, so that these go along."""
    rumour_of = {one.flow: one.rumour for one in reassigned}
    transaction.append(
        "add_flow_assignments",
        [
            {"incident": incident, "flow": flow, "rumour": rumour, "assigned_by": MODEL}
            for flow, rumour in rumour_of.items()
        ],
    )
    if rumour_of:
        carry_stances(transaction, incident, rumour_of)


def _flow_post(incident: str, one: JudgedPost) -> dict[str, Any]:
    return {
        "incident": incident,
        "flow": one.flow,
        "seq": one.post.seq,
        "post": one.post.id,
        "thread": one.thread,
        "place": one.post.place,
    }


def _assignment(incident: str, one: JudgedPost) -> dict[str, Any]:
    return {
        "incident": incident,
        "flow": one.flow,
        "rumour": one.rumour,
        "assigned_by": MODEL,
        "confidence": one.confidence,
    }


def _bytes_of(vector: np.ndarray) -> bytes:
    return vector.astype(np.float16).tobytes()


def _event(incident: str, event: RumourEvent) -> dict[str, Any]:
    return {
        "incident": incident,
        "rumour": event.rumour,
        "kind": event.kind.value,
        "happened_at": event.happened_at,
        "post": event.post,
        "likelihood": event.likelihood,
        "detail": json.dumps(event.detail, sort_keys=True),
        "weights": event.weights,
    }


def _stance(row: dict[str, Any]) -> StanceJudgement:
    return StanceJudgement(
        label=Stance(row["label"]),
        probabilities={stance: row[stance.value] for stance in Stance},
        by=MODEL,
        weights=row["weights"],
    )


def _cursor_name(incident: str) -> str:
    return f"pipeline:{incident}"


def _consolidation_name(incident: str) -> str:
    return f"consolidation:{incident}"
