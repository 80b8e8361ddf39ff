"""`grapevine train`: make one of the trained parts anew from labelled posts, as those that ship were made."""

import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from dashboard.commands.terminal import console, progress_bars
from models.domain.rumours import Stance
from models.errors import InputError
from models.judgement.cpu import prepare_for_torch
from models.weights import PACKAGED

# Stance is judged by the mean of so many networks.
STANCE_SEEDS = 2
STANCES = tuple(stance.value for stance in Stance)


class Part(StrEnum):
    ENCODER = "encoder"
    STANCE = "stance"
    LIKELIHOOD = "likelihood"
    CLUSTERS = "clusters"


def train(
    part: Annotated[
        Part, typer.Argument(metavar="PART", help=f"What to train: {', '.join(Part)}.", show_default=False)
    ],
    data: Annotated[list[Path], typer.Argument(help="Labelled posts in the interchange form: .jsonl or .jsonl.gz.")],
    out: Annotated[Path, typer.Option("--out", help="The weights folder to write the part into.")],
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            "--leave-out",
            metavar="EVENT",
            help="Leave this collection out of training. Give it again for each.",
            show_default=False,
        ),
    ] = None,
    apart: Annotated[
        list[Path] | None,
        typer.Option(
            "--apart",
            metavar="FILE",
            help="For a stance: learn from no post of this file, wherever else it is. Give it again for each.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, help="The random seed. Default: that of the shipped weights. Clusters and likelihood use none."
        ),
    ] = None,
    weights: Annotated[
        Path,
        typer.Option(
            "--weights",
            help="The weights folder whose thresholds group posts for a likelihood. Default: the shipped one.",
            show_default=False,
        ),
    ] = PACKAGED,
) -> None:
    """Train one part of the judgement on labelled posts. Grapevine ships none; bring your own."""
    skipped = leave_out or []
    _refuse_what_teaches_nothing(part, data, skipped)
    _refuse_unwritable(out)
    with progress_bars() as progress:
        home = _train(part, data, out, skipped, apart or [], seed, weights, progress)
    console.print(f"Trained {part}: {home}")


def _train(
    part: Part,
    data: Sequence[Path],
    out: Path,
    skipped: Sequence[str],
    apart: Sequence[Path],
    seed: int | None,
    weights: Path,
    progress: Progress,
) -> Path:
    # Each trainer's libraries take seconds to load, which no other command should.
    task = progress.add_task(f"training {part}", total=None)
    match part:
        case Part.ENCODER:
            from models.training.encoder import train_encoder

            seeded = {} if seed is None else {"seed": seed}
            return train_encoder(data, out, leave_out=skipped, progress=_bar(progress, task), **seeded)
        case Part.CLUSTERS:
            from models.training.clusters import train_clusters

            return train_clusters(data, out, leave_out=skipped, progress=_bar(progress, task))
        case Part.LIKELIHOOD:
            from models.training.likelihood import train_likelihood

            return train_likelihood(data, out, leave_out=skipped, weights=weights, progress=_bar(progress, task))
        case Part.STANCE:
            prepare_for_torch()
            from models.training.stance import train_stance

            first = seed or 0
            seeds = range(first, first + STANCE_SEEDS)
            return train_stance(data, out, seeds=seeds, leave_out=skipped, apart=apart, progress=_bar(progress, task))


def _bar(progress: Progress, task: Any) -> Callable[[int, int], None]:
    return lambda done, of_all: progress.update(task, completed=done, total=of_all)


def _refuse_what_teaches_nothing(part: Part, data: Sequence[Path], skipped: Sequence[str]) -> None:
    """Raise InputError where the files do not hold the labels that this part is learnt from."""
    taught, collections = [], set()
    for record in _labelled(data, with_pairs=part is Part.STANCE):
        collections.add(record["collection"])
        if record["collection"] not in skipped:
            taught.append((record["collection"], record["gold"]))
    names = ", ".join(map(str, data))
    if unknown := [event for event in skipped if event not in collections]:
        raise InputError(f"{names}: no collection {unknown[0]!r} to leave out. It has: {_listed(collections)}.")
    if not _TEACHES[part](taught):
        left = f" once {', '.join(skipped)} is left out" if skipped else ""
        raise InputError(f"{names}: nothing to train {part} on{left}. {_WANTED[part]}")


def _labelled(data: Sequence[Path], *, with_pairs: bool) -> Iterator[Mapping[str, Any]]:
    """Each post of the files; one that stands beside a claim as a post of the event that the claim is of."""
    from models.training.labelled import records

    for file in data:
        try:
            for line, record in enumerate(records([file]), start=1):
                if with_pairs and _is_pair(record):
                    event = record["claim_id"].split("/", 1)[0]
                    record = {"collection": event, "gold": {"stance": record["stance"]}}
                elif not _is_labelled_post(record):
                    raise InputError(
                        f'{file}, line {line}: not a labelled post. It needs "id", "collection", "text" and "gold".'
                    )
                yield record
        except (EOFError, zlib.error) as error:
            raise InputError(f"{file}: the compressed file is damaged ({error}). Use another copy.") from error


def _is_labelled_post(record: Any) -> bool:
    whole = isinstance(record, dict) and isinstance(record.get("gold"), dict)
    return whole and all(isinstance(record.get(name), str) for name in ("id", "collection", "text"))


def _is_pair(record: Any) -> bool:
    names = ("id", "claim", "claim_id", "stance", "text")
    return isinstance(record, dict) and all(isinstance(record.get(name), str) for name in names)


def _tells_rumours_apart(taught: Iterable[tuple[str, Mapping[str, Any]]]) -> bool:
    stories: dict[str, set[Any]] = {}
    for collection, gold in taught:
        if gold.get("is_source") and gold.get("is_rumour"):
            stories.setdefault(collection, set()).add(gold.get("story"))
    return any(len(of_one) > 1 for of_one in stories.values())


def _tells_rumours_from_others(taught: Iterable[tuple[str, Mapping[str, Any]]]) -> bool:
    labels: dict[str, set[bool]] = {}
    for collection, gold in taught:
        if gold.get("is_source"):
            labels.setdefault(collection, set()).add(bool(gold.get("is_rumour")))
    return any(len(of_one) == 2 for of_one in labels.values())


def _tells_stances(taught: Iterable[tuple[str, Mapping[str, Any]]]) -> bool:
    return any(gold.get("stance") in STANCES for _, gold in taught)


_TEACHES = {
    Part.ENCODER: _tells_rumours_apart,
    Part.CLUSTERS: _tells_rumours_apart,
    Part.LIKELIHOOD: _tells_rumours_from_others,
    Part.STANCE: _tells_stances,
}
_WANTED = {
    Part.ENCODER: 'It needs a collection whose "gold" has two or more stories.',
    Part.CLUSTERS: 'It needs a collection whose "gold" has two or more stories.',
    Part.LIKELIHOOD: 'It needs a collection whose "gold" has is_rumour true for some source posts and not others.',
    Part.STANCE: f'It needs posts whose "gold" has a stance: {", ".join(STANCES)}.',
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _refuse_unwritable(out: Path) -> None:
    """Try now whether OUT can be written, not after minutes of training."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror or error}). Choose another folder.") from error
