"""The labels that people settled at the coding desk, as posts in the interchange form that training reads.

Handles become "@user" and links end with their host, as the model reads them anyway, and no author is named: what is
learnt are words. The ids of posts stay, by which files are put together; on some platforms they hold an account's id.
"""

from collections.abc import Sequence
from typing import Any

from models.domain.incidents import Incident
from models.domain.rumours import Stance
from models.interchange import record
from models.judgement.naming import title_of
from models.store import Store
from models.text.marks import SHOWN_ACCOUNT, SHOWN_BARE_LINK, SHOWN_HANDLE, SHOWN_LINK


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
    gold = {"stance": label.value, "story": title_of(row["claim_text"])}
    if row["official"]:
        gold["official"] = True
    post = row | {"collection": incident.name, "text": _nameless(row["text"])}
    return record(post) | {"gold": gold}


def _answered(store: Store, incident: Incident, labelled: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = {one[link] for one in labelled for link in ("reply_to", "quote_of") if link in one}
    there = {one["id"] for one in labelled}
    return [
        {"id": post, "collection": incident.name, "text": _nameless(text), "gold": {}}
        for post, text in sorted(store.posts.words_of(asked - there).items())
    ]


def _nameless(text: str) -> str:
    text = SHOWN_BARE_LINK.sub(r"\1/", SHOWN_LINK.sub(r"https://\2", text))
    return SHOWN_ACCOUNT.sub("@user", SHOWN_HANDLE.sub("@user", text))
