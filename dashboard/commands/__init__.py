"""The `grapevine` command, one file a subcommand: the only place where all parts are put together."""

import sys

import typer

from dashboard.commands.demo import demo
from dashboard.commands.doctor import doctor
from dashboard.commands.judge import judge
from dashboard.commands.replay import replay
from dashboard.commands.run import run
from models.errors import GrapevineError

app = typer.Typer(
    help="Watch rumours spread during an emergency, and record what was said in answer.\n\n"
    "New here? `grapevine demo` plays an exercise: a flood that never happened, with its own database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (demo, run, replay, judge, doctor):
    app.command()(command)


def main() -> None:
    """Run the command line; an error of ours is one line and its exit code, never a traceback."""
    try:
        app()
    except GrapevineError as error:
        sys.stdout.flush()
        print(f"grapevine: {error}", file=sys.stderr)  # noqa: T201 - the one place that speaks to a terminal's user
        sys.exit(error.exit_code)
