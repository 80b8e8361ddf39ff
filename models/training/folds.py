"""A fold: every part that the grouping and its likelihood need, trained without one event."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from models.errors import WeightsRefused
from models.training.clusters import train_clusters
from models.training.encoder import train_encoder
from models.training.likelihood import train_likelihood
from models.weights import checked

PARTS = ("clusters", "likelihood", "encoder")


def train_fold(event: str, data: Sequence[Path], out: Path, seed: int, progress: Callable[[int, int], None]) -> Path:
    """Train what is not there yet in `out` on all of `data` but `event`; a folder of weights for `seed` within it.

    No chance is in the thresholds and the likelihood, so all seeds share them. Stance is no part of a fold: neither
    the grouping nor the likelihood looks at it. `progress(done, of all)` is told of steps.
    """

    def of_part(place: int) -> Callable[[int, int], None]:
        return lambda done, of_all: progress(100 * place + 100 * done // of_all, 100 * len(PARTS))

    home = out / f"seed-{seed}"
    for place, part in enumerate(PARTS):
        match part:
            case "clusters" if not _is_there(out, part):
                train_clusters(data, out, leave_out=[event], progress=of_part(place))
            case "likelihood" if not _is_there(out, part):
                train_likelihood(data, out, leave_out=[event], weights=out, progress=of_part(place))
            case "encoder" if not _is_there(home, part):
                train_encoder(data, home, leave_out=[event], seed=seed, progress=of_part(place))
        if part != "encoder":
            shutil.copytree(out / part, home / part, dirs_exist_ok=True)
    return home


def _is_there(out: Path, part: str) -> bool:
    try:
        return bool(checked(out, part))
    except WeightsRefused:
        return False
