"""A fold: every part of the judgement, trained without some events, so that these may be judged by it.

Each part stands in a folder of its own, named after the data, the code and the parts that made it. So what is
there is not trained again, and what was made in another way is not used.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.domain.ids import stable_id
from models.errors import WeightsRefused
from models.evaluation.results import digest_of_code, digest_of_files
from models.judgement.cpu import prepare_for_torch
from models.training.clusters import train_clusters
from models.training.encoder import train_encoder
from models.training.likelihood import train_likelihood
from models.training.stance_examples import WRITTEN
from models.weights import checked

# In the order of training. The likelihood is learnt from what the thresholds of its fold group.
PARTS = ("clusters", "encoder", "likelihood", "stance")
BUILDS_ON: Mapping[str, Sequence[str]] = {"likelihood": ("clusters",)}
# Chance is in these only: the others are the same for every seed.
SEEDED = ("encoder",)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fold:
    """What is left out of a fold, and the labelled files that it learns from but for that.

    Stances are learnt from files of their own, and from no post of those kept `apart`; without files a fold has none.
    `chatter` holds posts of no rumour, for the likelihood alone.
    """

    left_out: Sequence[str]
    data: Sequence[Path]
    stance_data: Sequence[Path] = ()
    apart: Sequence[Path] = ()
    chatter: Sequence[Path] = ()

    @property
    def parts(self) -> Sequence[str]:
        return PARTS if self.stance_data else [part for part in PARTS if part != "stance"]

    def files_of(self, part: str) -> Sequence[Path]:
        """All files that a part is learnt by."""
        if part == "stance":
            return [*self.stance_data, *self.apart, WRITTEN]
        return [*self.data, *self.chatter] if part == "likelihood" else self.data


def train_fold(fold: Fold, out: Path, seed: int, progress: Progress) -> Path:
    """Train what is not there yet in `out`; a folder of weights for `seed`. `progress(done, of all)` follows it.

    Raises what the trainers raise; what was trained before stays.
    """

    def of_part(place: int) -> Progress:
        return lambda done, of_all: progress(100 * place + 100 * done // of_all, 100 * len(fold.parts))

    keys: dict[str, str] = {}
    for place, part in enumerate(fold.parts):
        data = digest_of_files(fold.files_of(part))
        of_seed = str(seed) if part in SEEDED else ""
        code = digest_of_code(beginnings=(f"models/training/{part}.py",))
        below = {one: _made(out, one, keys) for one in BUILDS_ON.get(part, ())}
        keys[part] = stable_id(part, data, code, of_seed, *sorted(fold.left_out), *(keys[one] for one in below))
        if not _is_there(_made(out, part, keys), part):
            _train(part, fold, _made(out, part, keys), seed, below, of_part(place))
        progress(100 * (place + 1), 100 * len(fold.parts))
    home = out / f"seed{seed}-{stable_id(*keys.values())[:8]}"
    for part in fold.parts:
        if not _is_there(home, part):
            shutil.copytree(_made(out, part, keys) / part, home / part, dirs_exist_ok=True)
    return home


def _train(part: str, fold: Fold, home: Path, seed: int, below: Mapping[str, Path], progress: Progress) -> None:
    match part:
        case "clusters":
            train_clusters(fold.data, home, leave_out=fold.left_out, progress=progress)
        case "encoder":
            train_encoder(fold.data, home, leave_out=fold.left_out, seed=seed, progress=progress)
        case "likelihood":
            weights = below["clusters"]
            data = fold.files_of(part)
            train_likelihood(data, home, leave_out=fold.left_out, weights=weights, progress=progress)
        case "stance":
            # It needs torch from its first line on, which takes seconds to load.
            prepare_for_torch()
            from models.training.stance import train_stance

            data, apart = fold.stance_data, fold.apart
            train_stance(data, home, seeds=[0], leave_out=fold.left_out, apart=apart, progress=progress)


def _made(out: Path, part: str, keys: Mapping[str, str]) -> Path:
    """The folder that holds a part as its key makes it."""
    return out / f"{part}-{keys[part][:8]}"


def _is_there(out: Path, part: str) -> bool:
    try:
        return bool(checked(out, part))
    except WeightsRefused:
        return False
