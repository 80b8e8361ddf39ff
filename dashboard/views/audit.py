"""The audit for whoever may see it: what is asked of it, as the address says, and one page of what it holds.

It is searched by officers and by what they did. Nobody can search it by who wrote a post.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from dashboard.access import SystemAct, acting, may
from dashboard.browser_input import moment, one_of, words
from models.clock import iso_utc
from models.domain.audit import AuditedPerson, AuditEntry, AuditFilter, AuditKind
from models.domain.incidents import Incident
from models.store import Store

ENTRIES_A_PAGE = 50
# Longer than any name, id or kind that stands in an address of ours.
LONGEST_ASKED = 200
# SQL counts in 64 bits.
_LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """What an address asks for: the entries of a filter, the latest first, from that before a number on."""

    which: AuditFilter
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page. `older` is the number before which the next one goes on; None where this is the last."""

    entries: Sequence[AuditEntry]
    older: int | None


@dataclass(frozen=True, slots=True)
class AuditChoices:
    """What the filters offer: incidents, people, and what entries are about, with its kind.

    `every_incident`: whether entries of all of them, and of none, may be seen at once.
    """

    incidents: Sequence[Incident]
    people: Sequence[AuditedPerson]
    whats: Sequence[tuple[AuditKind, str]]
    every_incident: bool


def question_in(search: str) -> AuditQuestion:
    """What stands behind an address; what names nothing is left out."""
    asked = parse_qs(search.removeprefix("?"))

    def first(name: str) -> str | None:
        return words(asked.get(name, [""])[0])[:LONGEST_ASKED] or None

    before = first("before") or ""
    number = int(before) if before.isascii() and before.isdecimal() else None
    return AuditQuestion(
        AuditFilter(
            since=moment(first("from")),
            until=moment(first("until")),
            incident=first("incident"),
            who=first("officer"),
            kind=one_of(AuditKind, first("kind")),
            what=first("what"),
        ),
        None if number is None else min(number, _LARGEST_NUMBER),
    )


def search_of(question: AuditQuestion) -> str:
    """What stands behind the address of a question; nothing where it asks for all."""
    which = question.which
    asked = {
        "from": which.since and iso_utc(which.since),
        "until": which.until and iso_utc(which.until),
        "incident": which.incident,
        "officer": which.who,
        "kind": which.kind and which.kind.value,
        "what": which.what,
        "before": question.before,
    }
    asked = {name: value for name, value in asked.items() if value is not None}
    return f"?{urlencode(asked)}" if asked else ""


def sees_audit(store: Store) -> bool:
    """Whether whoever is signed in may see the audit, or that of some incident."""
    return may(SystemAct.SEE_AUDIT) or bool(_theirs(store.incidents.all()))


def seen(store: Store, which: AuditFilter, act: SystemAct = SystemAct.SEE_AUDIT) -> AuditFilter:
    """What whoever is signed in may see of what is asked for. Raises Refused where that is nothing.

    Who may see the audit of some incidents only sees one of them at a time, and nothing that is of none.
    """
    incidents = store.incidents.all()
    theirs = _theirs(incidents, act)
    if which.incident is not None:
        acting(act, next((one for one in incidents if one.id == which.incident), None))
        return replace(which, without=())
    if may(act):
        return replace(which, without=tuple(one.id for one in incidents if one not in theirs))
    if not theirs:
        # Says who may.
        acting(act)
    return replace(which, incident=max(theirs, key=lambda one: one.opened_at).id, without=())


def read_page(store: Store, question: AuditQuestion, limit: int = ENTRIES_A_PAGE) -> AuditPage:
    """The entries of a filter that was `seen`."""
    found = store.audit.entries(question.which, after=question.before, limit=limit + 1)
    entries = found[:limit]
    return AuditPage(entries, entries[-1].number if len(found) > limit else None)


def read_choices(store: Store, which: AuditFilter) -> AuditChoices:
    """What to choose from beside a filter that was `seen`."""
    everything = may(SystemAct.SEE_AUDIT)
    # Whom entries of other incidents name is no business of who may see one incident's only.
    people = store.audit.people(None if everything else which.incident)
    return AuditChoices(_theirs(store.incidents.all()), people, store.audit.whats(), everything)


def _theirs(incidents: Sequence[Incident], act: SystemAct = SystemAct.SEE_AUDIT) -> list[Incident]:
    return [one for one in incidents if may(act, one)]
