"""The items of a batch, sorted into posts, dead letters, removals and what happened to the source."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from ingest.normal_form import NormalForm, Unfit
from ingest.running.health import SourceHealth
from ingest.source import AccountRemoved, Delete, Item, Missed, PassedOver, Reconnected, Unreadable, Upsert
from models.clock import Clock
from models.domain.posts import DeadLetter, Post, Removal
from models.domain.reading import Reason
from models.domain.sources import HealthEvent
from models.errors import without_its_text
from models.text import storable

log = logging.getLogger(__name__)

# A dead letter keeps enough of its payload to be read again, unless that is huge.
KEPT_CHARACTERS = 100_000


@dataclass(slots=True)
class Sorted:
    posts: list[Post] = field(default_factory=list)
    # The item of each post, in the same order.
    items: list[Upsert] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    health: list[HealthEvent] = field(default_factory=list)
    # How many items brought something, and how many of these are passed over: their sum must be accounted for.
    read: int = 0
    passed_over: Counter[Reason] = field(default_factory=Counter)


class Sorting:
    """Sorts what one source brings. An item that cannot be read becomes a dead letter, and the others go on."""

    def __init__(self, name: str, normal_form: NormalForm, health: SourceHealth, clock: Clock, place: str = ""):
        self._name = name
        self._normal_form = normal_form
        self._health = health
        self._clock = clock
        self._place = place

    def sort(self, items: Iterable[Item]) -> Sorted:
        found = Sorted()
        for item in items:
            found.read += 1
            match item:
                case Upsert():
                    self._read(item, found)
                case Unreadable():
                    found.letters.append(self._letter(item.position, item.reason, item.payload))
                case Delete():
                    removal = Removal(
                        self._name, item.reason, self._clock.now(), post=item.post_id, in_order=item.in_order
                    )
                    found.removals.append(removal)
                case AccountRemoved():
                    author = self._normal_form.pseudonym(item.author)
                    at = min(item.happened_at, self._clock.now())
                    found.removals.append(Removal(self._name, item.reason, at, author=author, in_order=item.in_order))
                case PassedOver():
                    found.passed_over[item.reason] += 1
                case Missed():
                    found.read -= 1
                    found.health += self._health.missed(item)
                case Reconnected():
                    found.read -= 1
                    found.health.append(self._health.reconnected(item.why))
        return found

    def _read(self, item: Upsert, found: Sorted) -> None:
        try:
            found.posts.append(self._normal_form.read(item.record, self._clock, date_doubted=item.date_doubted))
            found.items.append(item)
        except Unfit as unfit:
            found.letters.append(self.letter_of(item, str(unfit)))
        except Exception as error:  # noqa: BLE001 - one unforeseen post must not stop a source
            log.error("source %s: a post could not be read: %s", self._name, without_its_text(error))
            found.letters.append(self.letter_of(item, f"not readable ({type(error).__name__})"))

    def letters(self, found: Sorted) -> Callable[[Post, str], DeadLetter]:
        """What makes the dead letter of a post of these that another post's id keeps out."""
        items: dict[Hashable, Upsert] = {}

        def letter(post: Post, reason: str) -> DeadLetter:
            # Made for a batch with such a post only.
            if not items:
                items.update(zip(map(_says, found.posts), found.items, strict=True))
            return self.letter_of(items[_says(post)], reason)

        return letter

    def letter_of(self, item: Upsert, reason: str) -> DeadLetter:
        """The dead letter of an item that is not kept as a post, for a reason."""
        record = item.record if isinstance(item.record, dict) else {}
        post, author = record.get("id"), record.get("author")
        return self._letter(
            item.position,
            reason,
            json.dumps(item.record, ensure_ascii=False, default=str),
            post=post if isinstance(post, str) else None,
            author=self._normal_form.pseudonym(author) if isinstance(author, str) else None,
        )

    def _letter(
        self, position: str, reason: str, payload: str, *, post: str | None = None, author: str | None = None
    ) -> DeadLetter:
        position, shown, post = (
            None if text is None else storable(text)
            for text in (self._place + position, payload[:KEPT_CHARACTERS], post)
        )
        return DeadLetter(self._name, position, reason, shown, self._clock.now(), post, author)


def _says(post: Post) -> Hashable:
    """What tells apart posts with one id. A match may mark a post, which is another object then."""
    return post.id, post.text, post.author, post.stated_at
