"""A flow's stance toward its rumour's claim, judged from its words and from cues of what it answers.

The four roles of *Reading the Riots* (support, deny, query, comment). `StanceModel` lives in the encoder's child
process; importing this file loads no torch.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.domain.rumours import Stance
from models.judgement.cpu import Precision, calculating_in
from models.judgement.stance_cues import cue_names, cue_row, forgetting_contexts
from models.weights import PACKAGED

NAME = "model"
WEIGHTS = PACKAGED / "stance"
WEIGHTS_FILE, FORM_FILE = "weights.safetensors", "form.json"
# Posts that answer another and those that answer nothing, in this order: stances are not equally rare among them.
KINDS = ("answers", "stands alone")
# So many claims and parents are kept in memory as the network reads them.
REMARKS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Remark:
    """One post to be judged, in context.

    `parent` is what it answers or quotes, None where it answers nothing or that is not known; `claim` the words of
    the claim it is judged toward, as a rule its rumour's title, None where there is none.
    """

    text: str
    parent: str | None = None
    claim: str | None = None


class StanceModel:
    """Judges remarks by the weights of a folder, on top of the sentence transformer that is in memory anyway."""

    def __init__(self, folder: Path, base: Any, precision: Precision = Precision.FLOAT32):
        """`base` is the SentenceTransformer of all-MiniLM-L6-v2; it is shared, not changed. Raises ValueError."""
        from safetensors.torch import load_file

        from models.judgement.stance_network import StanceNetwork

        form = json.loads((folder / FORM_FILE).read_text(encoding="utf-8"))
        if tuple(form["cues"]) != cue_names():
            raise ValueError(f"{folder}: its weights were made for other cues than this version's. Train them anew.")
        self._tokenizer, self._base = base.tokenizer, base[0].auto_model
        self._precision = precision
        self._offsets = np.array(
            [[form["offsets"][kind][stance.value] for stance in Stance] for kind in KINDS], np.float32
        )
        self._network = StanceNetwork(self._base, cues=len(cue_names()), stances=len(Stance))
        weights = load_file(folder / WEIGHTS_FILE)
        self._network.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
        self._network.eval()

    def probabilities(self, remarks: Sequence[Remark]) -> np.ndarray:
        """One row a remark, one column a Stance in its order: (n, 4) float64 of 4 decimals; the largest is the label.

        An offset a stance, added in log-odds, makes up for how rare it is among posts that answer another or among
        those that answer none.
        """
        import torch

        judged = np.zeros((len(remarks), len(Stance)))
        with torch.inference_mode(), calculating_in(self._precision), forgetting_contexts():
            for first in range(0, len(remarks), REMARKS_AT_ONCE):
                judged[first : first + REMARKS_AT_ONCE] = self._judged(remarks[first : first + REMARKS_AT_ONCE])
        kinds = [int(remark.parent is None) for remark in remarks]
        return with_offsets(judged, self._offsets[kinds])

    def _judged(self, remarks: Sequence[Remark]) -> np.ndarray:
        import torch

        from models.judgement.stance_network import (
            CLAIM,
            PARENT,
            batches,
            lower_states,
            mask_of,
            shared_tokens,
            tokens_of,
        )

        judged = np.zeros((len(remarks), len(Stance)))
        claims = self._contexts(CLAIM, [remark.claim for remark in remarks])
        parents = self._contexts(PARENT, [other_than(remark.claim, remark.parent) for remark in remarks])
        tokens = tokens_of(self._tokenizer, [remark.text for remark in remarks])
        cues = np.stack([cue_row(remark.text, remark.parent, remark.claim) for remark in remarks])
        for places in batches([len(row) for row in tokens]):
            own = [tokens[place] for place in places]
            states, mask = lower_states(self._base, own), mask_of(own)
            shared = shared_tokens(own, [[kind.tokens[place] for place in places] for kind in (claims, parents)])
            batch_cues = torch.from_numpy(cues[places])
            read = [kind.read.of(kind.places[places]) for kind in (claims, parents) if kind.read is not None]
            logits = self._network(states, mask, shared, read, batch_cues)
            judged[places] = logits.float().softmax(1).numpy()
        return judged

    def _contexts(self, kind: int, texts: Sequence[str | None]) -> "_Contexts":
        """Each text read once, however many posts are judged by it."""
        import torch

        from models.judgement.stance_network import LONGEST_CONTEXT_TOKENS, lower_states, mask_of, tokens_of

        alone = list(dict.fromkeys(text for text in texts if text is not None))
        place_of = {text: place for place, text in enumerate(alone)}
        tokens = tokens_of(self._tokenizer, alone, LONGEST_CONTEXT_TOKENS)
        places = [place_of.get(text, -1) for text in texts]
        read = None
        if alone:
            read = self._network.context(lower_states(self._base, tokens), mask_of(tokens), kind)
        own = [tokens[place] if place >= 0 else [] for place in places]
        return _Contexts(own, torch.tensor(places), read)


@dataclass(frozen=True, slots=True)
class _Contexts:
    """Of each remark the tokens of one context, and its place in what was read of all of them; -1 for none."""

    tokens: list[list[int]]
    places: Any
    read: Any


def other_than(claim: str | None, parent: str | None) -> str | None:
    """What a post answers where that is not the claim itself, which is read anyway."""
    return parent if parent != claim else None


def with_offsets(probabilities: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Probabilities (n, 4) with `offsets` (n, 4) added to their logarithms, summing to 1 again, of 4 decimals."""
    weighed = probabilities * np.exp(offsets)
    return np.round(weighed / weighed.sum(1, keepdims=True), 4)
