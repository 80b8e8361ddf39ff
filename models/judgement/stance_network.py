"""The network that reads a post for its stance. It needs torch, so only the encoder's child and training import it.

The words of the post alone go through the lower layers of all-MiniLM-L6-v2: the embeddings and two layers as they
are, which hold the words as such; the upper layers, made to tell topics, are left out. What is trained here reads on.
What a post answers reaches it as cues, never as text: text would be learnt by heart, event by event.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from models.text import one_line, plain
from models.text.marks import STANCE_HANDLE, STANCE_HANDLES, STANCE_LINK

WIDTH = 384
FROZEN_LAYERS = 2
TRAINED_LAYERS = 1
LONGEST_CHARACTERS = 400
LONGEST_TOKENS = 58
TOKENS_A_BATCH = 1_024
CUE_UNITS = 64
FARTHEST_CUE = 4.0
PHRASE_WORDS = (1, 2, 3)
PHRASES = 128
# Below all that GELU makes, for posts without a word.
NO_PHRASE = -1.0


def stance_text(text: str) -> str:
    """A text as the network reads it: that somebody is addressed or something linked counts, not who or what.

    >>> stance_text("@jo @sam @al is this true? https://example.org/x")
    '@user @user is this true? http'
    """
    words = STANCE_LINK.sub(" http ", plain(text[: 3 * LONGEST_CHARACTERS]))
    return one_line(STANCE_HANDLE.sub("@user", STANCE_HANDLES.sub(" @user @user", words)))[:LONGEST_CHARACTERS]


def tokens_of(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """The texts as token numbers with the opening and closing mark, at most LONGEST_TOKENS each."""
    if not texts:
        return []
    read = [stance_text(text) for text in texts]
    return tokenizer(read, truncation=True, max_length=LONGEST_TOKENS)["input_ids"]


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


def lower_states(base: nn.Module, tokens: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """What the frozen layers of `base` make of token numbers: (n, longest, WIDTH), and the mask (n, longest)."""
    longest = max(map(len, tokens))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in tokens])
    mask = torch.arange(longest) < torch.tensor([len(row) for row in tokens])[:, None]
    states = base.embeddings(input_ids=ids)
    for layer in base.encoder.layer[:FROZEN_LAYERS]:
        states = layer(states, attention_mask=mask[:, None, None, :])
    return states, mask


class StanceNetwork(nn.Module):
    """Lower states and cues → one logit a stance, in the order of models.domain.Stance. Kinds differ in `read`."""

    def __init__(self, width: int, *, cues: int, stances: int, dropout: float, word_dropout: float):
        """`width` is that of what `read` makes of a post."""
        super().__init__()
        self.cue_mean = nn.Parameter(torch.zeros(cues), requires_grad=False)
        self.cue_spread = nn.Parameter(torch.ones(cues), requires_grad=False)
        self.dropout = nn.Dropout(dropout)
        self.word_dropout = word_dropout
        self.of_words = nn.Linear(width, stances)
        self.cue_units = nn.Linear(cues, CUE_UNITS)
        self.of_cue_units = nn.Linear(CUE_UNITS, stances)
        self.of_cues = nn.Linear(cues, stances)
        nn.init.zeros_(self.of_cues.weight)

    def published(self) -> list[nn.Parameter]:
        """The weights that begin as MiniLM's, to be changed with care."""
        return []

    def read(self, states: torch.Tensor, mask: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """What is read of a post (n, width); `mask` is of its tokens, `words` of those that are words."""
        raise NotImplementedError

    def forward(self, states: torch.Tensor, mask: torch.Tensor, cues: torch.Tensor) -> torch.Tensor:
        """Logits (n, stances) of states (n, longest, WIDTH), their mask (n, longest) and cues (n, cues)."""
        words = _words_alone(mask)
        if self.training:
            kept = ~words | (torch.rand(words.shape) >= self.word_dropout)
            mask, words = mask & kept, words & kept
        read = self.read(states, mask, words)
        scaled = ((cues - self.cue_mean) / self.cue_spread).clamp(-FARTHEST_CUE, FARTHEST_CUE)
        with torch.autocast("cpu", enabled=False):
            units = self.dropout(functional.gelu(self.cue_units(scaled)))
            return self.of_words(self.dropout(read)) + self.of_cue_units(units) + self.of_cues(self.dropout(scaled))


class AttentionNetwork(StanceNetwork):
    """Reads by one more layer of MiniLM, trained here: what words mean in the post as a whole."""

    def __init__(self, base: nn.Module, **form: Any):
        super().__init__(2 * WIDTH, **form)
        self.layers = copy.deepcopy(base.encoder.layer[FROZEN_LAYERS : FROZEN_LAYERS + TRAINED_LAYERS])

    def published(self) -> list[nn.Parameter]:
        return list(self.layers.parameters())

    def read(self, states: torch.Tensor, mask: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            states = layer(states, attention_mask=mask[:, None, None, :])
        states = states.float()
        return torch.cat([states[:, 0], _mean(states, words)], 1)


class ConvolutionNetwork(StanceNetwork):
    """Reads by turns of phrase: runs of one to three words, wherever they stand (after Kim 2014)."""

    def __init__(self, _base: nn.Module, **form: Any):
        super().__init__(2 * PHRASES * len(PHRASE_WORDS), **form)
        self.phrases = nn.ModuleList(nn.Conv1d(WIDTH, PHRASES, words, padding=words // 2) for words in PHRASE_WORDS)

    def read(self, states: torch.Tensor, mask: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        read = []
        with torch.autocast("cpu", enabled=False):
            across = (states.float() * words[:, :, None]).transpose(1, 2)
            for phrases in self.phrases:
                # A run of an even number of words makes one place too many.
                found = functional.gelu(phrases(across))[:, :, : states.shape[1]].transpose(1, 2)
                read += [found.masked_fill(~words[:, :, None], NO_PHRASE).amax(1), _mean(found, words)]
            return torch.cat(read, 1)


# Each network that judges is one of each kind: they err apart, so that together they err less.
KINDS = {"attention": AttentionNetwork, "convolution": ConvolutionNetwork}


def _mean(states: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    return (states * words[:, :, None]).sum(1) / words.sum(1, keepdim=True).clamp(min=1)


def _words_alone(mask: torch.Tensor) -> torch.Tensor:
    """The mask without the opening and the closing mark of each text."""
    words = mask.clone()
    words[:, 0] = False
    words[torch.arange(len(mask)), mask.sum(1) - 1] = False
    return words
