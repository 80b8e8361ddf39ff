"""How the commands speak to the person at the terminal: progress and words on stderr, data on stdout or in files."""

from rich.console import Console

out = Console(highlight=False, markup=False, soft_wrap=True)
console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
