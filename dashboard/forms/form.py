"""A form described as data: what it asks, who may send it, what it saves, and what happens then.

Each form has a file of its own in this folder and a line in `every_form.py`. `drawing.py` puts a form on the screen,
`sending.py` answers what was sent, and `assets/forms.js` does what the browser has to do: all three read this
description, so that a field is named once.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from dashboard.access import SystemAct
from dashboard.browser_input import fields, words
from dashboard.services import Services
from dashboard.words.local_time import NotATime, Toward, typed
from models.domain.acts import Act, Officer
from models.errors import Refused
from models.limits import LONGEST_TEXT
from models.people.soft_locks import Part

# What `check` makes of what was sent, and what the store makes of that.
Checked = TypeVar("Checked")
Made = TypeVar("Made")


class Kind(StrEnum):
    """How a field is asked."""

    LINE = "line"
    TEXT = "text"
    # A time as people in London write it.
    TIME = "time"
    # Radio buttons, in full or under a box that filters them.
    ONE_OF = "one-of"
    SEARCH = "search"
    # Tick boxes.
    ANY_OF = "any-of"


class Shape(StrEnum):
    """Where a form stands."""

    # Over the page: nothing else can be reached until it is closed. Enter sends it.
    DIALOG = "dialog"
    # Beside the page, which stays in use.
    DRAWER = "drawer"
    # In the page, open as long as the page is.
    PAGE = "page"
    # A place in the page for what is wrong: a form that asks nothing is sent by the button that opens it.
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hint: str = ""


# The default of a time: that at which the form is opened.
NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a form asks. `limit` is in characters; None where a check of its own bounds the value."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    options: Sequence[Option] = ()
    default: str = ""
    optional: bool = False
    limit: int | None = LONGEST_TEXT
    # Which way a time without a date is meant.
    toward: Toward = "past"
    rows: int = 3
    spellcheck: bool = False
    autocomplete: str = "off"
    # What stands in place of its options where there are none.
    without_options: str = ""
    # Its boxes stand elsewhere on the page and are linked to the form by the page itself; no draft keeps them.
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between two fields of a long form."""

    text: str
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends the form; `press` tells `save` which one it was."""

    press: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """How long unsent text is kept in the browser, and for which thing: `of` names parts of `about`.

    `minutes` is how long a draft lasts; None: until it is sent. A form that is `cancelled` by closing it drops its
    draft then, unless it was sent and not answered.
    """

    of: tuple[str, ...] = ()
    minutes: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Edits:
    """What of a rumour a form changes: whoever has it open has that in hand, and must be allowed `act`."""

    part: Part
    act: Act


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sent, read as the form describes it. Nothing in it is checked but its types.

    `request` names this opening of the form, the same for every try. `about` says what it is about, as the page does.
    `changed` names the fields that differ from what the form was opened with. `times` holds the times that can be
    read, `not_times` what is wrong with the others.
    """

    press: str
    request: str | None
    about: Mapping[str, str]
    texts: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    changed: frozenset[str]
    times: Mapping[str, datetime]
    not_times: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What happens once a form is saved.

    `announce` is read out, `acted` tells the page in view what to draw again, `path` leads to another page, `keep` is
    kept by the browser. With `again` the form stays open and says so: what stands is an earlier try with other words,
    and the next press is a new request.
    """

    announce: str = ""
    acted: Mapping[str, Any] | None = None
    path: str | None = None
    keep: Mapping[str, str] | None = None
    again: str = ""


class Problems(dict[str, str]):
    """What is wrong with what was sent, by field: all of it is named at once."""

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Adds what a check inside refuses; what is known of a field already stays."""
        try:
            yield
        except Refused as refused:
            for name, problem in refused.problems.items():
                self.setdefault(name, problem)

    def raise_any(self) -> None:
        """Raises Refused where there is any problem."""
        if self:
            raise Refused(dict(self))


@dataclass(frozen=True, kw_only=True)
class Form(Generic[Checked, Made]):
    """One form. `about` names what the page says of the thing that the form is about, in data attributes.

    `may` gives the act that a role must be allowed. `check` gives what is to be saved, or raises Refused with every
    problem at once, by field. `save` hands it to the store. `after` says what happens then. `offers`, asked when the
    form is opened, gives the options of its fields of kind SEARCH.
    """

    name: str
    shape: Shape
    title: str
    not_saved: str
    fields: tuple[Field | Heading, ...] = ()
    buttons: tuple[Button, ...] = ()
    about: tuple[str, ...] = ()
    drafts: Drafts | None = None
    intro: str = ""
    beside: str = ""
    # The name of the group of buttons that hold suggestions, where the browser offers some.
    suggested: str = ""
    # None where it changes no rumour.
    edits: Edits | None = None
    may: Callable[[Sent], Act | SystemAct]
    check: Callable[[Services, Sent], Checked]
    save: Callable[[Services, Officer, Sent, Checked], Future[Made]]
    after: Callable[[Services, Sent, Checked, Made], After]
    offers: Callable[[Services, Mapping[str, str]], Mapping[str, Sequence[Option]]] | None = None

    @property
    def asked(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if isinstance(one, Field))

    @property
    def sent_id(self) -> str:
        return f"{self.name}-sent"

    @property
    def answer_id(self) -> str:
        return f"{self.name}-answer"

    @property
    def opened_id(self) -> str:
        return f"{self.name}-opened"

    @property
    def offers_id(self) -> str:
        return f"{self.name}-offers"

    def described(self) -> dict[str, Any]:
        """What the browser needs to know of this form."""
        return {
            "shape": self.shape.value,
            "about": self.about,
            "drafts": {"of": self.drafts.of, "minutes": self.drafts.minutes, "cancelled": self.drafts.cancelled}
            if self.drafts
            else None,
            "fields": {
                one.name: {
                    "kind": one.kind.value,
                    "default": one.default,
                    "limit": one.limit,
                    "elsewhere": one.elsewhere,
                }
                for one in self.asked
            },
            "edits": self.edits is not None,
            "notSaved": self.not_saved,
            "sent": self.sent_id,
            "answer": self.answer_id,
            "opened": self.opened_id if self.offers else None,
        }

    def read(self, message: Any, now: datetime) -> Sent:
        """What a browser sent, whatever it may be, as this form describes it."""
        message = fields(message)
        about, values, changed = fields(message.get("about")), fields(message.get("values")), message.get("changed")
        several = {one.name for one in self.asked if one.kind is Kind.ANY_OF}
        texts = {one.name: words(values.get(one.name)) for one in self.asked if one.name not in several}
        times, not_times = self._times(texts, now)
        return Sent(
            press=words(message.get("press")),
            request=words(message.get("request")) or None,
            about={name: words(about.get(name)) for name in self.about},
            texts=texts,
            chosen={name: _texts(values.get(name)) for name in several},
            changed=frozenset(_texts(changed)) & {one.name for one in self.asked},
            times=times,
            not_times=not_times,
        )

    def _times(self, texts: Mapping[str, str], now: datetime) -> tuple[dict[str, datetime], dict[str, str]]:
        """The times that can be read, and what is wrong with the others."""
        times, problems = {}, {}
        for one in self.asked:
            text = texts.get(one.name, "").strip()
            if one.kind is Kind.TIME and (text or not one.optional):
                try:
                    times[one.name] = typed(text, now, toward=one.toward)
                except NotATime as error:
                    problems[one.name] = str(error)
        return times, problems

    def checked(self, services: Services, sent: Sent) -> Checked:
        """What is to be saved. Raises Refused with every problem at once, in the order of the fields."""
        problems, made = Problems(sent.not_times), None
        with problems.gathered():
            made = self.check(services, sent)
        in_order = [one.name for one in self.asked if one.name in problems]
        Problems({name: problems[name] for name in (*in_order, *problems)}).raise_any()
        return made


def fills(**values: str) -> str:
    """What a button that opens a form says its fields hold, in its attribute `data-fills`."""
    return json.dumps(values)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for one in value if (text := words(one))) if isinstance(value, list) else ()
