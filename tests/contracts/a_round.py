"""A round of coding in few words: who codes, which flows, and what each says of them."""

from collections.abc import Mapping

from models.domain.acts import Officer
from models.domain.rumours import Stance
from models.measures.coding_sample import SampledFlow
from models.store import Store
from models.store.coding_messages import RoundDraft
from tests.builders import NOON

CODERS = tuple(
    Officer(f"Coder {number}", "analyst", "Northgate Police", f"coder{number}analyst") for number in (1, 2, 3)
)
ADJUDICATOR = Officer("A. Djudicator", "analyst")
# What "s", "d", "q" and "c" stand for; "-" skips.
LABELS: Mapping[str, Stance | None] = {**{stance.value[0]: stance for stance in Stance}, "-": None}


def a_draft(*flows: str, coders: int = 3, seed: int = 1, claim: str = "test:d1") -> RoundDraft:
    """Flows of "dam", all of one stratum, of which the model said that they support."""
    sample = [
        SampledFlow(flow, "dam", claim, place, "support, small rumour", len(flows), 1.0, Stance.SUPPORT)
        for place, flow in enumerate(flows)
    ]
    return RoundDraft(coders, seed, NOON, sample)


def start(store: Store, incident: str, *flows: str, coders: int = 3, claim: str = "test:d1") -> str:
    """The id of a round that is started."""
    return store.codings.start(incident, a_draft(*flows, coders=coders, claim=claim), ADJUDICATOR).result().id


def code_all(store: Store, incident: str, round_id: str, labels: Mapping[Officer, str]) -> None:
    """Each coder says of the flows, in their order, what the letters say."""
    for coder, letters in labels.items():
        for one, letter in zip(store.codings.desk(incident, round_id, coder), letters, strict=True):
            store.codings.code(incident, round_id, one.flow, LABELS[letter], coder).result()


def finish_all(store: Store, incident: str, round_id: str, labels: Mapping[Officer, str]) -> None:
    """The same, and each has finished."""
    code_all(store, incident, round_id, labels)
    for coder in labels:
        store.codings.finish(incident, round_id, coder).result()
