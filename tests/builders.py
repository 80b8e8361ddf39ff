"""What tests build worlds from: posts, incidents, and a stand-in encoder that is quick and needs no weights."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np

from ingest.exercise.simulation import exercise
from ingest.normal_form import NormalForm
from models.clock import ReplayClock
from models.domain.acts import Officer
from models.domain.imports import Import, TableReading, Takes
from models.domain.incidents import Incident
from models.domain.posts import Kind, Post
from models.domain.rumours import EventKind, Stance
from models.judgement.embed import DIMENSIONS
from models.judgement.pipeline import Learnt
from models.judgement.stance import Remark
from models.judgement.surfacing import SurfacingRule
from models.store import Store
from models.store.messages import Arrival, ArrivedPost
from models.text.words import wording_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PRESENT = datetime(2026, 11, 21, tzinfo=UTC)
OFFICER = Officer("J. Officer", "duty officer")


def a_clock(start: datetime = NOON) -> ReplayClock:
    return ReplayClock(start, latest=PRESENT)


def an_incident(name: str = "Northgate flood", **changes) -> Incident:
    fields = {"purpose": "public safety", "lawful_basis": "public task", "exercise": False, "opened_at": NOON}
    return Incident(id=f"incident-{name}", name=name, **{**fields, **changes})


def an_import(incident: str, *, number: int = 1, **changes) -> Import:
    """A file that somebody reads into an incident."""
    fields = {"takes": Takes.ALL, "officer": OFFICER, "reason": f"reason {number}", "shape": "shape"}
    table = TableReading({"text": f"Body {number}"}, "Europe/London")
    fields |= {"table": table, "file": "posts.csv", "size_bytes": 1_000, "digest": f"digest {number}"}
    return Import(id=f"import {number}", incident=incident, **{**fields, **changes})


_made = iter(range(1, 10**9))


def a_post(text: str = "The dam above Northgate has burst, get to high ground", **changes) -> Post:
    """A post with an id of its own; `minute` after noon gives its time."""
    number = next(_made)
    minute = changes.pop("minute", 0)
    fields = {
        "id": f"test:{number}",
        "source": "test",
        "kind": Kind.REPLY if changes.get("reply_to") else Kind.POST,
        "author": f"author-{number}",
        "created_at": NOON + timedelta(minutes=minute),
        "arrived_at": NOON + timedelta(minutes=minute),
    }
    return Post(text=text, **{**fields, **changes})


def save(store: Store, incident: Incident, posts: Sequence[Post]) -> None:
    """Bring posts into the store as an ingest worker does."""
    store.posts.add(Arrival([ArrivedPost(post, {incident.id: "test"}) for post in posts])).result()


def exercise_posts(count: int) -> list[Post]:
    """The first posts of the exercise, begun at noon."""
    return list(_whole_exercise()[:count])


@cache
def _whole_exercise() -> tuple[Post, ...]:
    clock, normal_form = a_clock(), NormalForm("exercise", b"key")
    return tuple(normal_form.read(record, clock) for record in exercise(seed=1, start=NOON))


def everything_decided(store: Store, incident: Incident) -> tuple[Any, ...]:
    """What the pipeline made of every post, what it brought on the board when, and which pairs may be one claim."""
    surfaced = {
        (event.rumour, event.kind, event.happened_at, event.post)
        for event in store.judgement.events(incident.id)
        if event.kind is EventKind.SURFACED
    }
    return store.judgement.final_rows(incident.id), surfaced, suggested(store, incident.id)


def suggested(store: Store, incident: str) -> list[dict[str, Any]]:
    """The pairs of rumours that may be one claim."""
    return store.views.rows("same_claim", incident=incident, rumour=None)


def a_rule() -> SurfacingRule:
    return SurfacingRule(budget_per_hour=5, least_likelihood=0.0, large_group=40)


class WordsEncoder:
    """A stand-in for the real encoder: texts that share words are near, nothing is known of meaning."""

    digest = "words"
    stance_digest = "a question mark asks"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in wording_of(text).content or [text or "nothing"]:
                row[int.from_bytes(blake2b(word.encode(), digest_size=2).digest(), "big") % DIMENSIONS] += 1
            row /= np.linalg.norm(row)
        return rows.astype(np.float16)

    def stances(self, remarks: Sequence[Remark]) -> np.ndarray:
        """A question asks, "hoax" denies, an answer comments, and any other post makes its claim."""
        rows = np.full((len(remarks), len(Stance)), 0.1)
        for row, remark in zip(rows, remarks, strict=True):
            said = Stance.QUERY if "?" in remark.text else Stance.DENY if "hoax" in remark.text else None
            said = said or (Stance.SUPPORT if remark.parent is None else Stance.COMMENT)
            row[list(Stance).index(said)] = 0.7
        return rows


LEARNT = Learnt.load()
