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

from models.domain import Stance
from models.judgement.cpu import Precision, calculating_in
from models.judgement.stance_cues import cue_names, cue_row
from models.weights import PACKAGED

NAME = "model"
WEIGHTS = PACKAGED / "stance"
WEIGHTS_FILE, FORM_FILE = "weights.safetensors", "form.json"


@dataclass(frozen=True, slots=True)
class Remark:
    """One post to be judged, in context.

    `parent` is what it answers or quotes, None where it answers nothing or that is not known; `claim` the words of
    the claim (the thread's root, or the rumour's title post), None where the post itself makes the claim.
    """

    text: str
    parent: str | None = None
    claim: str | None = None


class StanceModel:
    """Judges remarks by the weights of a folder, on top of the sentence transformer that is in memory anyway."""

    def __init__(self, folder: Path, base: Any, precision: Precision = Precision.FLOAT32):
        """`base` is the SentenceTransformer of all-MiniLM-L6-v2; it is shared, not changed.

        On 1,485 posts no probability in bfloat16 differed from the float32 one by more than .002. Raises ValueError.
        """
        from safetensors.torch import load_file

        from models.judgement.stance_network import KINDS

        form = json.loads((folder / FORM_FILE).read_text(encoding="utf-8"))
        if tuple(form["cues"]) != cue_names():
            raise ValueError(f"{folder}: its weights were made for other cues than this version's. Train them anew.")
        self._tokenizer, self._base = base.tokenizer, base[0].auto_model
        self._precision = precision
        self._offsets = np.array([form["offsets"][stance.value] for stance in Stance], np.float32)
        weights = load_file(folder / WEIGHTS_FILE)
        self._networks = []
        for member in form["members"]:
            for name, kind in KINDS.items():
                network = kind(self._base, cues=len(cue_names()), stances=len(Stance), dropout=0.0, word_dropout=0.0)
                prefix = f"{member}.{name}."
                network.load_state_dict(
                    {key.removeprefix(prefix): weights[key].float() for key in weights if key.startswith(prefix)}
                )
                self._networks.append(network.eval())

    def probabilities(self, remarks: Sequence[Remark]) -> np.ndarray:
        """One row a remark, one column a Stance in its order: (n, 4) float64 of 4 decimals; the largest is the label.

        The mean of several networks of two kinds (deep ensemble, Lakshminarayanan et al. 2017) that share their lower
        layers. An offset a stance, chosen in training and added in log-odds, makes up for how rare it is.
        """
        import torch

        from models.judgement.stance_network import batches, lower_states, tokens_of

        judged = np.zeros((len(remarks), len(Stance)))
        if not remarks:
            return judged
        tokens = tokens_of(self._tokenizer, [remark.text for remark in remarks])
        cues = np.stack([cue_row(remark.text, remark.parent, remark.claim) for remark in remarks])
        with torch.inference_mode(), calculating_in(self._precision):
            for places in batches([len(row) for row in tokens]):
                states, mask = lower_states(self._base, [tokens[place] for place in places])
                batch_cues = torch.from_numpy(cues[places])
                for network in self._networks:
                    judged[places] += network(states, mask, batch_cues).float().softmax(1).numpy()
        return with_offsets(judged / len(self._networks), self._offsets)


def with_offsets(probabilities: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Probabilities (n, 4) with `offsets` (4,) added to their logarithms, summing to 1 again, of 4 decimals."""
    weighed = probabilities * np.exp(offsets)
    return np.round(weighed / weighed.sum(1, keepdims=True), 4)
