"""What the encoder's frozen layers make of texts, computed once for all showings of a training run."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch.nn.utils.rnn import pad_sequence

from models.judgement.cpu import calculating_in, fastest_precision
from models.judgement.stance_network import batches, lower_states, mask_of, tokens_of


class Texts:
    """Texts as token numbers, and as what the frozen layers make of them."""

    def __init__(self, base: Any, texts: Iterable[str], longest: int):
        alone = list(dict.fromkeys(texts))
        rows = tokens_of(base.tokenizer, alone, longest)
        self.tokens = dict(zip(alone, rows, strict=True))
        self._states: dict[str, torch.Tensor] = {}
        with torch.inference_mode(), fast():
            for places in batches([len(row) for row in rows]):
                states = lower_states(base[0].auto_model, [rows[place] for place in places])
                for place, state in zip(places, states, strict=True):
                    self._states[alone[place]] = state[: len(rows[place])].half().clone()

    def states_of(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Their lower states (n, longest, WIDTH) and the mask (n, longest)."""
        states = pad_sequence([self._states[text] for text in texts], batch_first=True)
        return states.float(), mask_of([self.tokens[text] for text in texts])


def fast() -> AbstractContextManager:
    """Training calculates in what this CPU does fastest: what comes of it is measured in float32 afterwards."""
    return calculating_in(fastest_precision())
