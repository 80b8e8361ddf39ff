"""How the DuckDB store keeps what the pipeline decided: flows, vectors, assignments, stances, events."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from models.clock import utc_time
from models.domain import EventKind, Post, RumourEvent, Stance, StanceJudgement
from models.errors import ConstraintsChanged
from models.people.acts import MODEL
from models.store.duckdb.rows import id_key, insert_rows, post_from_row, save_cursor, utc_naive
from models.store.duckdb.stances import carry_stances, save_stances
from models.store.messages import FinalRow, FlowStance, FlowsToRead, JudgedPost, Judgement, Reassignment

_FINAL_FIELDS = ("seq", "id", "flow", "rumour_first", "rumour", "title", "likelihood", "stance")


class DuckDBJudgement:
    """JudgementStore; `_writer` and `rows` come with DuckDBStore."""

    def unjudged(self, incident: str, after_place: int, limit: int) -> list[Post]:
        rows = self.rows("unjudged_posts", incident=incident, after_place=after_place, limit=limit)
        return [post_from_row(row) for row in rows]

    def save_judgement(self, judgement: Judgement) -> Future[None]:
        return self._writer.submit_batch(lambda connection, known_at: _save(connection, known_at, judgement))

    def edited_since_judged(self, incident: str) -> list[JudgedPost]:
        return [_opener(row) for row in self.rows("edited_flows", incident=incident)]

    def flows_without_stance(self, incident: str, limit: int) -> list[JudgedPost]:
        return [_opener(row) for row in self.rows("unjudged_stances", incident=incident, limit=limit)]

    def save_stances(self, incident: str, judged: Sequence[JudgedPost]) -> Future[None]:
        return self._writer.submit_batch(
            lambda connection, known_at: save_stances(connection, known_at, incident, _told(judged))
        )

    def judged_upto(self, incident: str) -> int:
        return int(self.cursor(_cursor_name(incident)) or 0)

    def consolidated(self, incident: str) -> tuple[datetime, int] | None:
        said = self.cursor(_consolidation_name(incident))
        if said is None:
            return None
        moment, conversations = said.split()
        return utc_time(moment), int(conversations)

    def words_of(self, post_ids: Collection[str]) -> dict[str, str]:
        wanted = sorted(post_ids)
        rows = self.rows("words_of", ids=wanted, id_keys=[id_key(post) for post in wanted]) if wanted else []
        return {row["id"]: row["text"] for row in rows}

    def flows_to_read_anew(self, incident: str, encoder: str, limit: int) -> FlowsToRead:
        rows = self.rows("flows_to_read_anew", incident=incident, encoder=encoder, limit=limit)
        return FlowsToRead(rows[0]["waiting"] if rows else 0, {row["flow"]: row["text"] for row in rows})

    def replace_vectors(self, incident: str, encoder: str, vectors: Mapping[str, np.ndarray]) -> Future[None]:
        return self._writer.submit_batch(
            lambda connection, known_at: _replace_vectors(connection, known_at, incident, encoder, vectors)
        )

    def judged(self, incident: str, encoder: str) -> Iterator[JudgedPost]:
        for row in self.rows("judged_posts", incident=incident, encoder=encoder):
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

    def events(self, incident: str) -> list[RumourEvent]:
        rows = self.rows("rumour_events", incident=incident)
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
            )
            for row in self.rows("final_rows", incident=incident)
        ]


def _save(connection: Any, known_at: datetime, judgement: Judgement) -> None:
    incident = judgement.incident
    _require_same_constraints(connection, judgement)
    opening = [one for one in judgement.posts if one.opens_flow]
    # A post may have been erased since it was read: then nothing that was made of its words may be kept.
    erased = {
        row[0]
        for row in connection.execute(
            "select seq from posts where removed_at is not null and seq in (select unnest($1::bigint[]))",
            [[one.post.seq for one in opening]],
        ).fetchall()
    }
    insert_rows(
        connection,
        known_at,
        "flow_posts",
        [
            {
                "incident": incident,
                "flow": one.flow,
                "seq": one.post.seq,
                "post": one.post.id,
                "thread": one.thread,
                "place": one.post.place,
            }
            for one in judgement.posts
        ],
    )
    insert_rows(
        connection,
        known_at,
        "flow_assignments",
        [
            {
                "incident": incident,
                "flow": one.flow,
                "rumour": one.rumour,
                "assigned_by": MODEL,
                "confidence": one.confidence,
            }
            for one in opening
        ],
    )
    save_stances(connection, known_at, incident, [*_told(opening), *judgement.stances])
    _reassign(connection, known_at, incident, judgement.reassigned)
    insert_rows(
        connection,
        known_at,
        "embeddings",
        [
            {
                "incident": incident,
                "flow": one.flow,
                "encoder": judgement.encoder,
                "vector": one.vector.astype(np.float16).tobytes(),
            }
            for one in opening
            if one.vector is not None and one.post.seq not in erased
        ],
    )
    insert_rows(
        connection,
        known_at,
        "rumour_events",
        [
            {
                "incident": incident,
                "rumour": event.rumour,
                "kind": event.kind.value,
                "happened_at": event.happened_at,
                "post": event.post,
                "likelihood": event.likelihood,
                "detail": json.dumps(event.detail, sort_keys=True),
                "weights": event.weights,
            }
            for event in judgement.events
        ],
    )
    save_cursor(connection, known_at, _cursor_name(incident), str(judgement.upto_place))
    if judgement.consolidated is not None:
        moment, conversations = judgement.consolidated
        save_cursor(connection, known_at, _consolidation_name(incident), f"{moment.isoformat()} {conversations}")


def _replace_vectors(
    connection: Any, known_at: datetime, incident: str, encoder: str, vectors: Mapping[str, np.ndarray]
) -> None:
    """Only where there is one: a vector that was erased stays erased."""
    rows = [{"flow": flow, "vector": vector.astype(np.float16).tobytes()} for flow, vector in vectors.items()]
    connection.register("incoming", pa.table({name: [row[name] for row in rows] for name in ("flow", "vector")}))
    try:
        connection.execute(
            """
            update embeddings
            set vector = incoming.vector, encoder = $encoder, known_at = $known_at
            from incoming
            where embeddings.incident = $incident and embeddings.flow = incoming.flow
            """,
            {"encoder": encoder, "known_at": utc_naive(known_at), "incident": incident},
        )
    finally:
        connection.unregister("incoming")


def _require_same_constraints(connection: Any, judgement: Judgement) -> None:
    rows = connection.execute("select number from constraint_number($1)", [judgement.incident]).fetchall()
    if rows[0][0] != judgement.constraint_number:
        raise ConstraintsChanged(
            f"{judgement.incident}: people acted while a batch of posts was judged. Judge it again from the store."
        )


def _reassign(connection: Any, known_at: datetime, incident: str, reassigned: Sequence[Reassignment]) -> None:
    """Put flows where the model puts them now. After their stances are saved, so that these go along."""
    rumour_of = {one.flow: one.rumour for one in reassigned}
    insert_rows(
        connection,
        known_at,
        "flow_assignments",
        [
            {"incident": incident, "flow": flow, "rumour": rumour, "assigned_by": MODEL}
            for flow, rumour in rumour_of.items()
        ],
    )
    for rumour in dict.fromkeys(rumour_of.values()):
        flows = [flow for flow, its in rumour_of.items() if its == rumour]
        carry_stances(connection, known_at, incident, flows, rumour)


def _told(judged: Sequence[JudgedPost]) -> list[FlowStance]:
    return [FlowStance(one.flow, one.rumour, one.stance) for one in judged if one.stance is not None]


def _opener(row: dict[str, Any]) -> JudgedPost:
    return JudgedPost(post_from_row(row), row["flow"], row["thread"], row["rumour"], opens_flow=True)


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
