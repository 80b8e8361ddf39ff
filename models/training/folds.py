"""A fold: every part that the grouping and its likelihood need, trained without one event."""

from collections.abc import Callable, Sequence
from pathlib import Path

from models.errors import WeightsRefused
from models.training.clusters import train_clusters
from models.training.encoder import train_encoder
from models.training.likelihood import train_likelihood
from models.weights import checked

PARTS = ("encoder", "clusters", "likelihood")


def train_fold(event: str, data: Sequence[Path], out: Path, seed: int, progress: Callable[[int, int], None]) -> Path:
    """Train what is not there yet in `out` on all of `data` but `event`; `out`. `progress(done, of all)` by steps.

    Stance is no part of it: neither the grouping nor the likelihood looks at it.
    """

    def of_part(place: int) -> Callable[[int, int], None]:
        return lambda done, of_all: progress(100 * place + 100 * done // of_all, 100 * len(PARTS))

    for place, part in enumerate(PARTS):
        if _is_there(out, part):
            continue
        match part:
            case "encoder":
                train_encoder(data, out, leave_out=[event], seed=seed, progress=of_part(place))
            case "clusters":
                train_clusters(data, out, leave_out=[event], progress=of_part(place))
            case "likelihood":
                train_likelihood(data, out, leave_out=[event], weights=out, progress=of_part(place))
    return out


def _is_there(out: Path, part: str) -> bool:
    try:
        return bool(checked(out, part))
    except WeightsRefused:
        return False
