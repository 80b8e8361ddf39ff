"""The `grapevine` command, one file a subcommand: the only place where all parts are put together.

Each file names its options when it is imported, and its parts (engine, pipeline, screens) only when its command runs:
`grapevine --help` and the quick commands need not wait for those of the slow ones.
"""

import os
import sys

import typer

from dashboard.commands import audit, incident, user
from dashboard.commands.demo import demo
from dashboard.commands.doctor import doctor
from dashboard.commands.evaluate import evaluate
from dashboard.commands.export import export, report
from dashboard.commands.judge import judge
from dashboard.commands.labels import labels
from dashboard.commands.replay import replay
from dashboard.commands.run import run
from dashboard.commands.terminal import console
from dashboard.commands.train import train
from models.errors import GrapevineError

app = typer.Typer(
    help="Watch rumours spread during an emergency, and log the official answers.\n\n"
    "New here? Run `grapevine demo`: an exercise about a fictional flood, in its own database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (demo, run, replay, judge, export, report, labels, evaluate, train, doctor):
    app.command()(command)
app.add_typer(incident.app, name="incident")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line; an error of ours is one line and its exit code, never a traceback.

    Everything was closed by then, so the process ends at once: tearing the interpreter down would only have the
    database's binding complain on the terminal about what threads still held.
    """
    code = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run() -> int:
    try:
        app()
    except GrapevineError as error:
        console.print(f"grapevine: {error}")
        return error.exit_code
    except OSError as error:
        # Disks fill, folders are not ours to write: whatever was not met nearer to its place.
        console.print(f"grapevine: {error.filename or 'input or output'}: {error.strerror or error}.")
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0
