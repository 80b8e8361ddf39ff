"""The labels that people settled at the coding desk, as posts in the interchange form that training reads.

Handles become "@user", as the model reads them anyway, and no author is named: what is learnt are words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.clock import in_utc
from models.domain import Incident, Stance
from models.judgement.naming import title_of
from models.store import Store
from models.text.marks import SHOWN_HANDLE

_KEPT = (
    "id",
    "source",
    "kind",
    "author_followers",
    "lang",
    "reply_to",
    "root",
    "repost_of",
    "quote_of",
    "reposts",
)


def labelled_posts(store: Store, incident: Incident) -> list[dict[str, Any]]:
    """A record for each settled flow, by its first post whose words are still there, in order of arrival.

    `gold.stance` is toward `gold.story`, the rumour's claim in the words that were coded toward. What such a post
    answers comes before the others, without a label: training reads it beside. A flow that was coded in several
    rounds has its latest label. Unknown fields are left out.
    """
    settled: dict[str, tuple[str, Stance]] = {}
    for state in store.codings.rounds(incident.id):
        for one in store.codings.outcomes(incident.id, state.round.id):
            if one.settled is not None:
                settled[one.drawn.flow] = one.drawn.claim, one.settled
    rows = store.views.rows(
        "labelled_flows",
        incident=incident.id,
        flows=list(settled),
        claims=[claim for claim, _ in settled.values()],
    )
    labelled = [_record(incident, row, settled[row["flow"]][1]) for row in rows]
    return [*_answered(store, incident, labelled), *labelled]


def _record(incident: Incident, row: dict[str, Any], label: Stance) -> dict[str, Any]:
    gold = {"stance": label.value, "story": title_of(row["claim_text"]), "official": row["official"] or None}
    return {
        **_known({name: row[name] for name in _KEPT}),
        **_known({"created_at": _written(row["created_at"])}),
        "collection": incident.name,
        "text": _without_handles(row["text"]),
        "gold": _known(gold),
    }


def _answered(store: Store, incident: Incident, labelled: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = {one[link] for one in labelled for link in ("reply_to", "quote_of") if link in one}
    there = {one["id"] for one in labelled}
    return [
        {"id": post, "collection": incident.name, "text": _without_handles(text), "gold": {}}
        for post, text in sorted(store.posts.words_of(asked - there).items())
    ]


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _written(moment: datetime | None) -> str | None:
    return in_utc(moment).isoformat().replace("+00:00", "Z") if moment else None


def _without_handles(text: str) -> str:
    return SHOWN_HANDLE.sub("@user", text)
