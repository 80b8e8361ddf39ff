"""What every question of `grapevine evaluate` needs: runs that are kept, digests of what they are made of, bars."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.progress import Progress

from dashboard.commands.terminal import console
from models.config import Settings
from models.domain.ids import stable_id
from models.evaluation import results
from models.evaluation.results import Makings, Run

# What a run with weights that were trained for it says of them: data and code tell which they are.
TRAINED = "trained for it"


def kept_or_made(path: Path, made_of: Makings, make: Callable[[], Run]) -> Run:
    """The run as it is kept at `path`, or made now: that is reported where its makings have changed."""
    kept = results.read_run(path)
    if kept is not None and not (changed := made_of.changed(kept.made_of)):
        return kept
    if kept is not None:
        console.print(f"{path.name}: out of date ({', '.join(changed)} changed). Running it again.")
    run = make()
    results.write_run(path, run)
    return run


def makings(settings: Settings, data: Sequence[Path], code: str, weights: str) -> Makings:
    """The files that count, each once, the settings that the judge reads, and the digests of code and weights."""
    in_force = settings.model_dump_json(include={"accounts", "board"})
    return Makings(
        data=results.digest_of_files(dict.fromkeys(data)),
        code=code,
        settings=stable_id(in_force),
        weights=weights,
    )


def bar(progress: Progress, what: str) -> Callable[[int, int], None]:
    """A bar that is given (done, of all), and goes once all is done."""
    task = progress.add_task(what, total=None)

    def tell(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total, visible=done < total)

    return tell
