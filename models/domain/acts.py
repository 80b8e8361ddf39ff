"""What people do, and what is kept of it: decisions, constraints, captions, and what was taken out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.domain.rumours import State


class Act(StrEnum):
    """What a person can do to a rumour; each becomes one decision."""

    TAKE = "take"
    PARK = "park"
    DISMISS = "dismiss"
    CLOSE = "close"
    REOPEN = "reopen"
    CORRECT = "correct"
    MERGE = "merge"
    # That two rumours are not the same claim.
    REFUSE = "refuse"
    SPLIT = "split"
    MOVE = "move"
    # Give it to a person or a desk, whoever had it before.
    ASSIGN = "assign"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts, in which role, for which service.

    `user` is the id of who was signed in. None: nobody was, and name and role are what a person at the command line
    said of themself, or what was recorded before sign-in existed: *asserted*.
    """

    name: str
    role: str
    service: str = ""
    user: str | None = None

    @property
    def signature(self) -> str:
        """How notes of what happened name them.

        >>> Officer("J. Officer", "duty", "Northgate Police", "u17").signature
        'J. Officer (duty, Northgate Police)'
        """
        return f"{self.name} ({self.role}, {self.service})" if self.service else f"{self.name} ({self.role})"


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a rumour is given to: a person, by the id of their user, or a desk, which has no user and no service."""

    name: str
    service: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the incident's log, never changed. `into` is the other rumour where there is one.

    `shared`: whoever wrote the reason lets the services read it that the incident is shared with.
    """

    number: int
    incident: str
    rumour: str
    act: Act
    state: State
    officer: Officer
    reason: str
    decided_at: datetime
    correction: str | None = None
    into: str | None = None
    undoes: int | None = None
    assignee: Assignee | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Constraints:
    """What people decided about which flows belong together; no model run undoes it. `number` grows by changes.

    `merged`: rumour → the one it lives on in; `apart`: sorted pairs that may never be joined; `pinned`: flow → where
    a person put it; `protected`: rumours that people have acted on: the model merges
    none of them away and joins no two.
    """

    number: int = 0
    merged: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()
    pinned: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Annotation:
    """A caption that a person pinned to a moment of stream time; `rumour` None: of the whole incident."""

    id: str
    incident: str
    rumour: str | None
    pinned_to: datetime
    text: str
    pinned_by: Officer
    pinned_at: datetime


@dataclass(frozen=True, slots=True)
class Consultation:
    """That somebody took something out of an incident: in which form, which part of it, as known at which moment.

    `recorded_at` is None until it is recorded.
    """

    incident: str
    what: str
    filter: str
    as_of: datetime
    officer: Officer
    reason: str
    recorded_at: datetime | None = None
