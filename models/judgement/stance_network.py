"""The network that reads a post toward a claim. It needs torch, so only the encoder's child and training import it.

Each text goes through the lower layers of all-MiniLM-L6-v2 by itself: the embeddings and two layers as they are,
which hold the words as such. The next layers, trained here, read on: a post's words attend to each other, to the
claim's and to those of what the post answers. These contexts attend to themselves alone, so each is read once for all
the posts that are judged by it.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from models.text import one_line, plain
from models.text.marks import STANCE_HANDLE, STANCE_HANDLES, STANCE_LINK

WIDTH = 384
FROZEN_LAYERS = 2
TRAINED_LAYERS = 2
LONGEST_CHARACTERS = 400
LONGEST_TOKENS = 58
# Of a claim, and of what a post answers: what is claimed stands at the beginning, as a rule.
LONGEST_CONTEXT_TOKENS = 26
TOKENS_A_BATCH = 1_024
CUE_UNITS = 64
FARTHEST_CUE = 4.0
# What a text may be to a post; the post's own words come first.
POST, CLAIM, PARENT = range(3)
CONTEXTS = (CLAIM, PARENT)
# Far below any likeness of two words.
NOT_SEEN = -1e4
# The opening and the closing mark of a text, as the tokenizer numbers them.
MARKS = (101, 102)


def stance_text(text: str) -> str:
    """A text as the network reads it: that somebody is addressed or something linked counts, not who or what.

    >>> stance_text("@jo @sam @al is this true? https://example.org/x")
    '@user @user is this true? http'
    """
    words = STANCE_LINK.sub(" http ", plain(text[: 3 * LONGEST_CHARACTERS]))
    return one_line(STANCE_HANDLE.sub("@user", STANCE_HANDLES.sub(" @user @user", words)))[:LONGEST_CHARACTERS]


def tokens_of(tokenizer: Any, texts: Sequence[str], longest: int = LONGEST_TOKENS) -> list[list[int]]:
    """The texts as token numbers with the opening and closing mark, at most `longest` each."""
    if not texts:
        return []
    read = [stance_text(text) for text in texts]
    return tokenizer(read, truncation=True, max_length=longest)["input_ids"]


def batches(lengths: Sequence[int], tokens_a_batch: int = TOKENS_A_BATCH) -> Iterator[list[int]]:
    """The places of the texts, shortest first, in batches of at most so many padded tokens."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (lengths[place], place)):
        if batch and lengths[place] * (len(batch) + 1) > tokens_a_batch:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def mask_of(tokens: Sequence[Sequence[int]]) -> torch.Tensor:
    """Which places of padded texts hold tokens: (n, longest)."""
    lengths = torch.tensor([len(row) for row in tokens])
    return torch.arange(int(lengths.max())) < lengths[:, None]


def lower_states(base: nn.Module, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
    """What the frozen layers of `base` make of token numbers: (n, longest, WIDTH)."""
    longest = max(map(len, tokens))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in tokens])
    mask = mask_of(tokens)
    states = base.embeddings(input_ids=ids)
    for layer in base.encoder.layer[:FROZEN_LAYERS]:
        states = layer(states, attention_mask=mask[:, None, None, :])
    return states


def shared_tokens(tokens: Sequence[Sequence[int]], contexts: Sequence[Sequence[Sequence[int]]]) -> torch.Tensor:
    """Which tokens of posts stand in each of their contexts too: (n, longest, contexts) of 0 and 1."""
    shared = torch.zeros(len(tokens), max(map(len, tokens)), len(contexts))
    for kind, of_kind in enumerate(contexts):
        for row, (own, other) in enumerate(zip(tokens, of_kind, strict=True)):
            known = set(other).difference(MARKS)
            places = [place for place, token in enumerate(own) if token in known]
            shared[row, places, kind] = 1.0
    return shared


@dataclass(frozen=True, slots=True)
class Context:
    """What posts attend to of some texts: a layer's keys and values (n, longest, WIDTH), and their mask."""

    layers: list[tuple[torch.Tensor, torch.Tensor]]
    mask: torch.Tensor

    def of(self, places: torch.Tensor) -> "Context":
        """That of the texts at these places (m,); -1 for none."""
        there = places.clamp(min=0)
        mask = self.mask[there] & (places >= 0)[:, None]
        return Context([(keys[there], values[there]) for keys, values in self.layers], mask)


class StanceNetwork(nn.Module):
    """Lower states of posts, their contexts and cues → one logit a stance, in the order of the enum Stance."""

    def __init__(
        self, base: nn.Module, *, cues: int, stances: int, dropout: float = 0.0, word_dropout: float = 0.0
    ) -> None:
        """Its layers begin as those of `base`, which stays as it is."""
        super().__init__()
        self.layers = copy.deepcopy(base.encoder.layer[FROZEN_LAYERS : FROZEN_LAYERS + TRAINED_LAYERS])
        self.heads = base.config.num_attention_heads
        self.roles = nn.Parameter(torch.zeros(1 + len(CONTEXTS), WIDTH))
        self.shared = nn.Parameter(torch.zeros(len(CONTEXTS), WIDTH))
        self.cue_mean = nn.Parameter(torch.zeros(cues), requires_grad=False)
        self.cue_spread = nn.Parameter(torch.ones(cues), requires_grad=False)
        self.dropout = nn.Dropout(dropout)
        self.word_dropout = word_dropout
        self.of_words = nn.Linear(2 * WIDTH, stances)
        self.cue_units = nn.Linear(cues, CUE_UNITS)
        self.of_cue_units = nn.Linear(CUE_UNITS, stances)
        self.of_cues = nn.Linear(cues, stances)
        nn.init.zeros_(self.of_cues.weight)

    def published(self) -> list[nn.Parameter]:
        """The weights that begin as MiniLM's, to be changed with care."""
        return list(self.layers.parameters())

    def context(self, states: torch.Tensor, mask: torch.Tensor, kind: int) -> Context:
        """What posts read of texts that are their claim or their parent, by the texts' lower states and mask."""
        states = states + self.roles[kind]
        layers = []
        for place, layer in enumerate(self.layers):
            keys, values = _keys_and_values(layer, states)
            layers.append((keys, values))
            if place + 1 < len(self.layers):
                states = self._through(layer, states, keys, values, mask)
        return Context(layers, mask)

    def forward(
        self,
        states: torch.Tensor,
        mask: torch.Tensor,
        shared: torch.Tensor,
        contexts: Sequence[Context],
        cues: torch.Tensor,
    ) -> torch.Tensor:
        """Logits (n, stances).

        `states` (n, longest, WIDTH) and `mask` (n, longest) are of the posts, `shared` as `shared_tokens` has it,
        `contexts` hold one row a post, `cues` are (n, cues).
        """
        words = _words_alone(mask)
        if self.training:
            kept = ~words | (torch.rand(words.shape) >= self.word_dropout)
            mask, words = mask & kept, words & kept
        states = states + self.roles[POST] + shared @ self.shared
        seen = torch.cat([mask, *(context.mask for context in contexts)], 1)
        for place, layer in enumerate(self.layers):
            around = [_keys_and_values(layer, states), *(context.layers[place] for context in contexts)]
            keys, values = (torch.cat(parts, 1) for parts in zip(*around, strict=True))
            states = self._through(layer, states, keys, values, seen)
        states = states.float()
        read = torch.cat([states[:, 0], _mean(states, words)], 1)
        scaled = ((cues - self.cue_mean) / self.cue_spread).clamp(-FARTHEST_CUE, FARTHEST_CUE)
        with torch.autocast("cpu", enabled=False):
            units = self.dropout(functional.gelu(self.cue_units(scaled)))
            return self.of_words(self.dropout(read)) + self.of_cue_units(units) + self.of_cues(self.dropout(scaled))

    def _through(
        self, layer: nn.Module, states: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """One layer of BERT in which `states` attend to `keys` where `mask` (n, keys) allows."""
        queries = self._by_head(layer.attention.self.query(states))
        # In steps: on these small sizes torch's own attention takes five times as long to learn by.
        likeness = queries @ self._by_head(keys).transpose(2, 3) * queries.shape[-1] ** -0.5
        shares = likeness.masked_fill(~mask[:, None, None, :], NOT_SEEN).softmax(3)
        found = shares.to(values.dtype) @ self._by_head(values)
        attended = layer.attention.output(found.transpose(1, 2).flatten(2), states)
        return layer.output(layer.intermediate(attended), attended)

    def _by_head(self, states: torch.Tensor) -> torch.Tensor:
        return states.unflatten(2, (self.heads, -1)).transpose(1, 2)


def _keys_and_values(layer: nn.Module, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return layer.attention.self.key(states), layer.attention.self.value(states)


def _mean(states: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    return (states * words[:, :, None]).sum(1) / words.sum(1, keepdim=True).clamp(min=1)


def _words_alone(mask: torch.Tensor) -> torch.Tensor:
    """The mask without the opening and the closing mark of each text."""
    words = mask.clone()
    words[:, 0] = False
    words[torch.arange(len(mask)), mask.sum(1) - 1] = False
    return words
