"""Run labelled posts through the pipeline's own steps in memory, without a store, to learn from what comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from models.clock import utc_time
from models.config import BoardSettings
from models.domain.acts import Constraints
from models.domain.posts import Kind, Post
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import DIMENSIONS, Encoder, read_or_spelt
from models.judgement.features import Tally
from models.judgement.incident_state import CONSOLIDATION_INTERVAL, IncidentState
from models.judgement.likelihood import FEATURES, LikelihoodModel, WordingProbe
from models.judgement.surfacing import SurfacingRule
from models.store.messages import JudgedPost

# While nothing is learnt yet, no wording says anything.
UNREAD = WordingProbe(0.0, [0.0] * DIMENSIONS, {})
_UNKNOWN_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def _unread(titles: Sequence[str]) -> list[float]:
    """Titles do not matter here."""
    return [1.0] * len(titles)


class Rehearsal:
    """One event, judged as live but for stances; `rumour_first` is what was said of each post at once."""

    def __init__(self, event: str, settings: ClusterSettings, wording: WordingProbe = UNREAD):
        rule = SurfacingRule.by(BoardSettings())
        undecided = LikelihoodModel(0.0, {}, dict.fromkeys(FEATURES, 0.0), dict.fromkeys(FEATURES, 1.0), wording)
        self.state = IncidentState(event, settings, undecided, rule, Constraints(), _unread)
        self.rumour_first: dict[str, str] = {}

    def judged(self, records: Sequence[Mapping[str, Any]], vectors: Mapping[str, Any]) -> Iterator[JudgedPost]:
        """Judge the records of one event in order; `vectors` by post id, for at least those that follow nothing."""
        state = self.state
        for place, record in enumerate(records, start=1):
            post = _post(record, place)
            if state.due_before(post):
                state.consolidate(state.moment_of(post))
            placed = state.flows.place(post)
            one = state.decide(post, placed, vectors.get(post.id) if placed.opens_flow else None)
            state.learn(one)
            self.rumour_first[post.id] = one.rumour
            yield one
        state.consolidate(state.moment_of(post) + CONSOLIDATION_INTERVAL)

    def tally(self, rumour: str) -> Tally | None:
        """The counts of a rumour; None where it holds nothing but what officials post."""
        return self.state.tally(rumour) if self.state.is_known(rumour) else None

    def rumour(self, flow: str) -> str:
        return self.state.rumour_of(flow)


def vectors_of(records: Sequence[Mapping[str, Any]], encoder: Encoder) -> dict[str, Any]:
    """The vectors of the posts that answer no other, by id."""
    claiming = [record for record in records if not record.get("reply_to")]
    rows = read_or_spelt(encoder, [post["text"] for post in claiming], [post.get("lang") for post in claiming])
    return {record["id"]: row for record, row in zip(claiming, rows, strict=True)}


def _post(record: Mapping[str, Any], place: int) -> Post:
    stated = record.get("created_at")
    moment = utc_time(stated) if stated else None
    kept = ("id", "author", "author_followers", "reply_to", "root", "repost_of", "quote_of", "url")
    return Post(
        **{name: record.get(name) for name in kept},
        source=record.get("source") or "labelled",
        kind=Kind(record.get("kind") or Kind.POST),
        text=record.get("text") or "",
        created_at=moment,
        arrived_at=moment or _UNKNOWN_TIME,
        official=bool(record.get("gold", {}).get("official")),
        place=place,
    )
