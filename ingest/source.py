"""What a source of posts is, and what it hands over."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from models.domain.reading import FileFact, Reason


@dataclass(frozen=True, slots=True)
class Upsert:
    """One item in the interchange form. `position` is its place in the source, for a dead letter.

    The same id again is a retry and changes nothing, unless `edited_at` shows that this text is newer.
    `date_doubted`: the date that it states is not to be believed beside those around it in its file.
    """

    record: dict[str, Any]
    position: str
    date_doubted: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """The author or the platform deleted a post. Its reposts go with it.

    `in_order` promises that this source brought the post before, if it brought it at all. Then a post that was never
    stored needs no tombstone. A firehose can promise this; a source whose delete may come before the post cannot.
    """

    post_id: str
    position: str
    in_order: bool = False
    reason: str = "deleted at its source"


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    """An account was removed, suspended or made private at `happened_at`. All its posts up to then go.

    `author` is written as in the records of this source. `in_order` means the same as in Delete.
    """

    author: str
    position: str
    happened_at: datetime
    in_order: bool = False
    reason: str = "account removed at its source"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Data that cannot be read as an item: the reason, and the beginning of the data."""

    reason: str
    payload: str
    position: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A post that a rule of its source keeps out: it is counted by its reason, and nothing of it is kept."""

    reason: Reason
    position: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A span of time whose posts this source can never bring. None means that this end of it is unknown."""

    since: datetime | None
    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Reconnected:
    """The connection was lost and is back, and nothing was missed. `why` is the reason of the loss."""

    why: str


Item = Upsert | Delete | AccountRemoved | Unreadable | PassedOver | Missed | Reconnected


@dataclass(frozen=True, slots=True)
class Batch:
    """Items in order, and the cursor to continue from once they are saved.

    `last`: the source has ended. `caught_up`: no older items are waiting to be read. `file` is the one that they all
    come from, where the source has files, and `told` what reading told of it since the last. `notice` is worth
    knowing of the source and no fault; it stands until the next batch that is caught up.
    """

    items: list[Item] = field(default_factory=list)
    cursor: str = ""
    last: bool = False
    caught_up: bool = False
    notice: str | None = None
    file: str = ""
    told: Sequence[FileFact] = ()


class Source(Protocol):
    """Yields batches after a cursor. The same cursor gives the same items again; saving them is idempotent.

    A source with `every_seconds` is a poller: `batches` is called that often and ends when it has read what there is.
    A source without is a file, which ends for good, or a stream, which does not end. A stream yields a batch at least
    once a second, empty if there is nothing new, so that it can be stopped and its silence is noticed.

    `live` is whether it brings what is posted now. Then time in which it is not read is a gap, and silence may be a
    fault. `restriction` is the platform's rule that forbids this use without a recorded permission, or None.
    """

    name: str
    every_seconds: float | None
    live: bool
    restriction: str | None

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        """Everything after `cursor`. None means from the start, or for a stream from now.

        Raises SourceUnreachable for a fault that may pass, SourceFailed or InputError for one that lasts.
        """

    def test(self) -> str:
        """One line on what it can reach now, without saving any post. Raises as `batches` does."""


@runtime_checkable
class Pushed(Protocol):
    """A source that others send messages to. It has `receive` instead of `batches`."""

    pushed: bool

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime) -> AbstractContextManager[Batch]:
        """The batch of one message, to be saved inside the `with`. Raises Rejected with the HTTP status."""


@runtime_checkable
class Rechecking(Protocol):
    """A source that receives no deletes, and so has to look up the posts that it brought."""

    def recheck(self, post_ids: Sequence[str]) -> Iterator[Item]:
        """A Delete for each post that is gone, an Upsert for each that was edited, nothing for the rest.

        Raises SourceUnreachable where a failure could be mistaken for a deletion.
        """
