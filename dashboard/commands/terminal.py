"""How the commands speak to the person at the terminal: progress and words on stderr, data on stdout or in files."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

out = Console(highlight=False, markup=False, soft_wrap=True)
console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def progress_bars() -> Progress:
    """Bars on the terminal's stderr that leave no trace."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
