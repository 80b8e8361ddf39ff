"""What a source of posts is, and what it hands over."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Upsert:
    """One item in the interchange form; `position` says where it stood, for its dead letter.

    The same id again is a retry and changes nothing, unless `edited_at` says that these words are newer.
    """

    record: dict[str, Any]
    position: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Its author, or the platform, took a post away; its copies by repost go with it.

    `in_order` promises that the post came before by this same source, if it came at all: then a post that was never
    stored leaves no tombstone. A firehose says so; whoever may tell of a delete before the post must not.
    """

    post_id: str
    position: str
    in_order: bool = False
    reason: str = "deleted at its source"


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    """An account was removed, suspended or made private at `happened_at`: all it had posted by then goes.

    `author` is written as in the records of this source; `in_order` is as for a Delete.
    """

    author: str
    position: str
    happened_at: datetime
    in_order: bool = False
    reason: str = "account removed at its source"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no item at all: why, and what was seen of it."""

    reason: str
    payload: str
    position: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A span of time whose posts this source can never bring any more; None where its edge is not known."""

    since: datetime | None
    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Reconnected:
    """The connection was lost and is back, with nothing missed; `why` it was lost."""

    why: str


Item = Upsert | Delete | AccountRemoved | Unreadable | Missed | Reconnected


@dataclass(frozen=True, slots=True)
class Batch:
    """Items in order, and the cursor to go on from once they are saved.

    `last`: the source is at its end. `caught_up`: nothing older waits to be read.
    """

    items: list[Item] = field(default_factory=list)
    cursor: str = ""
    last: bool = False
    caught_up: bool = False


class Source(Protocol):
    """Yields batches from a cursor on. The same cursor gives the same items again: saving is idempotent.

    With `every_seconds` it is a poller: `batches` is asked again so often and ends each time when it has all there is
    now. Without, it is a file that ends for good or a stream that does not end; a stream yields a batch, empty where
    there is nothing, at least once a second, so that it can be stopped and its silence be seen.

    `live` says whether it brings what is posted now: then its absence is a gap, and its silence may be a fault.
    `restriction` names the platform's rule that forbids this use unless a permission is recorded, or is None.
    """

    name: str
    every_seconds: float | None
    live: bool
    restriction: str | None

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        """Everything after `cursor` (None: from the start, or for a stream from now).

        Raises SourceUnreachable for what may pass by itself, SourceFailed or InputError for what may not.
        """

    def test(self) -> str:
        """One line on what it can reach at this moment, without reading any post in. Raises as `batches` does."""


@runtime_checkable
class Pushed(Protocol):
    """A source that is not read: others bring its messages. It has `receive` in place of `batches`."""

    pushed: bool

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime) -> AbstractContextManager[Batch]:
        """The batch of one message, to be saved inside the `with`. Raises Rejected, with the HTTP status."""


@runtime_checkable
class Rechecking(Protocol):
    """A source that is not told of deletes and has to ask after the posts it brought."""

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Item]:
        """Delete for each post that is gone, Upsert for each that was edited; nothing for the rest.

        Raises SourceUnreachable rather than taking a failure for a deletion.
        """
