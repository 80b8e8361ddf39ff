"""Every error Grapevine raises on purpose.

    GrapevineError
    ├── ConfigError        what config.toml says cannot be understood          exit 2
    ├── StoreError         the database refused or is unreachable              exit 1
    │   └── StoreOwned     another process owns the database file              exit 2
    ├── ConstraintsChanged people acted while a batch was judged             (it is judged again)
    ├── EncoderGone        the child process that reads texts has ended        exit 1
    ├── Stopped            Grapevine is stopping; the batch is left          (it is judged at the next start)
    ├── PortInUse          the web server's port is taken                      exit 2
    ├── WeightsRefused     a trained part is missing or not what it should be  exit 2
    ├── InputError         a file that was named cannot be read as posts       exit 2
    ├── SourceError        a source cannot be read                             (shown on the screens)
    │   ├── SourceUnreachable  for now: Grapevine retries
    │   └── SourceFailed       until somebody changes something
    ├── Rejected           a pushed message that is not taken (ingest/sources/webhook.py)
    └── Refused            a person's act that may not be done as asked        (shown on the form)

A message is one line for the person who reads it: what, where, and the next step.
"""

from collections.abc import Mapping
from pathlib import Path


class GrapevineError(Exception):
    """Base of all; `exit_code` is what a command ends with."""

    exit_code = 1


class ConfigError(GrapevineError):
    """`file` is the configuration file and `table` the table in it, for example "sources.feeds"; the message begins
    with them.
    """

    exit_code = 2

    def __init__(self, problem: str, *, file: str | None = None, table: str | None = None):
        place = " ".join(part for part in (file, table and f"[{table}]") if part)
        super().__init__(f"{place}: {problem}" if place else problem)
        self.file = file
        self.table = table


class StoreError(GrapevineError):
    pass


class StoreOwned(StoreError):
    """Another process uses the database at `path`: process `pid`, None where that is not known.

    `address` is where that process serves its screens, if it does.
    """

    exit_code = 2

    def __init__(self, path: Path, pid: int | None, address: str | None = None):
        elsewhere = "choose another folder with GRAPEVINE_DATA_DIR."
        who = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"{path}: {who} is using this database. Stop it, or {elsewhere}"
            if address is None
            else f"{path}: Grapevine already uses this database: {who} at {address}. "
            f"Open that address, stop that process, or {elsewhere}"
        )
        self.path = path
        self.pid = pid
        self.address = address


class ConstraintsChanged(GrapevineError):
    """A batch of `incident` was judged before an act of people that it must keep to. Nothing of it is saved."""

    def __init__(self, incident: str):
        super().__init__(
            f"{incident}: people acted while a batch of posts was judged. Judge it again from the store."
        )
        self.incident = incident


class EncoderGone(GrapevineError):
    pass


class Stopped(GrapevineError):
    """Grapevine is stopping. What was being judged is not saved; the next start judges it."""


class WeightsRefused(GrapevineError):
    exit_code = 2


class PortInUse(GrapevineError):
    exit_code = 2


class InputError(GrapevineError):
    """`path` is the file or folder that cannot be read as posts; the message begins with it."""

    exit_code = 2

    def __init__(self, problem: str, *, path: Path | None = None):
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path


class SourceError(GrapevineError):
    """`host` is the server, with the path of the address where that matters; the message begins with it.

    `status` is the HTTP status of its answer, if there was one.
    """

    def __init__(self, problem: str, *, host: str | None = None, status: int | None = None):
        super().__init__(f"{host}: {problem}" if host else problem)
        self.host = host
        self.status = status


class SourceUnreachable(SourceError):
    """A fault that may pass: no network, a busy server. `retry_after_seconds` is the wait the server asks for."""

    def __init__(
        self,
        problem: str,
        *,
        host: str | None = None,
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ):
        super().__init__(problem, host=host, status=status)
        self.retry_after_seconds = retry_after_seconds


class SourceFailed(SourceError):
    """A fault that lasts: a wrong address, a refused key, a missing permission. The message says what to do."""

    exit_code = 2


class Refused(GrapevineError):
    """An act that may not be done as asked; `problems` maps a field's name to what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]):
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


def without_its_text(error: BaseException) -> str:
    """An unforeseen error for a log: which, and where in the code it arose. Its own text may quote a post.

    >>> without_its_text(ValueError("@jo_smith"))
    'ValueError at an unknown place'
    """
    at, places = error.__traceback__, []
    while at is not None:
        places.append(f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}")
        at = at.tb_next
    return f"{type(error).__name__} at {', called from '.join(reversed(places)) or 'an unknown place'}"
