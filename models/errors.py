"""Every error Grapevine raises on purpose.

    GrapevineError
    ├── ConfigError        what config.toml says cannot be understood          exit 2
    ├── StoreError         the database refused or is unreachable              exit 1
    │   └── StoreOwned     another process owns the database file              exit 2
    ├── ConstraintsChanged people acted while a batch was judged             (it is judged again)
    ├── EncoderGone        the child process that reads texts has ended        exit 1
    ├── PortInUse          the web server's port is taken                      exit 2
    ├── WeightsRefused     a trained part is missing or not what it should be  exit 2
    ├── InputError         a file that was named cannot be read as posts       exit 2
    ├── SourceUnreachable  a source does not answer now; it is asked again     (shown on the screens)
    ├── SourceFailed       a source cannot go on until something changes       (shown on the screens)
    ├── Rejected           a pushed message that is not taken (ingest/sources/webhook.py)
    └── Refused            a person's act that may not be done as asked        (shown on the form)

A message is one line for the person who reads it: what, where, and the next step.
"""

from collections.abc import Mapping


class GrapevineError(Exception):
    """Base of all; `exit_code` is what a command ends with."""

    exit_code = 1


class ConfigError(GrapevineError):
    exit_code = 2


class StoreError(GrapevineError):
    pass


class StoreOwned(StoreError):
    exit_code = 2


class ConstraintsChanged(GrapevineError):
    """A batch was judged before an act of people that it must keep to. Nothing of it is saved."""


class EncoderGone(GrapevineError):
    pass


class WeightsRefused(GrapevineError):
    exit_code = 2


class PortInUse(GrapevineError):
    exit_code = 2


class InputError(GrapevineError):
    exit_code = 2


class SourceUnreachable(GrapevineError):
    """What may pass by itself: no network, a busy server. `retry_after_seconds` is what the server asked for."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None):
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class SourceFailed(GrapevineError):
    """What does not pass by itself: a wrong address, a refused key, a missing permission. Says what to do."""

    exit_code = 2


class Refused(GrapevineError):
    """An act that may not be done as asked; `problems` maps a field's name to what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]):
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)
