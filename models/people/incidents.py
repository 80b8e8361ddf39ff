"""What an incident must say before it may be opened or changed."""

import re
from dataclasses import replace

from models.domain import Incident, Watch
from models.errors import Refused
from models.judgement.flows import STOP_WORDS
from models.people.acts import LONGEST_NAME, LONGEST_TEXT, written
from models.people.area import area_of
from models.text import plain

MOST_TERMS = 200
LONGEST_TERM = 100
LEAST_BEGINNING = 3
LONGEST_AREA = 200_000
# Characters that take no room on the screen.
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def checked_incident(incident: Incident) -> Incident:
    """The incident as it may be recorded, trimmed. Raises Refused with every problem at once, by field."""
    problems: dict[str, str] = {}
    fields = {
        name: _told(problems, name, getattr(incident, name), what, most)
        for name, what, most in (
            ("name", "what the incident is called", LONGEST_NAME),
            ("purpose", "what the posts are read for: the law wants a purpose for every incident", LONGEST_TEXT),
            ("lawful_basis", "on what lawful basis they are read", LONGEST_TEXT),
        )
    }
    watch = Watch(
        terms=_terms(problems, incident.watch.terms),
        languages=_languages(problems, incident.watch.languages),
        accounts=_accounts(problems, incident.watch.accounts),
        sources=_listed(incident.watch.sources),
        area=_area(problems, incident.watch.area),
    )
    if problems:
        raise Refused(problems)
    return replace(incident, **fields, watch=watch)


def bare_term(term: str) -> str:
    """A watch term as it is looked for: plain, lower case, without quotation marks; a beginning ends in one *."""
    words = _UNSEEN.sub("", " ".join(plain(term).casefold().split()))
    beginning = words.endswith("*")
    return words.rstrip("* ").strip("\"'“”‘’ ") + "*" * beginning


def _told(problems: dict[str, str], name: str, value: object, what: str, most: int) -> str:
    text = written(value)
    if not text:
        problems[name] = f"Enter {what}."
    elif len(text) > most:
        problems[name] = f"Shorten this to {most} characters."
    return text


def _listed(values: object) -> tuple[str, ...]:
    """Each once, trimmed, in the order given."""
    return tuple(dict.fromkeys(text for one in values if (text := " ".join(written(one).split()))))


def _terms(problems: dict[str, str], values: object) -> tuple[str, ...]:
    terms = _listed(values)
    if len(terms) > MOST_TERMS:
        problems["terms"] = f"Watch for at most {MOST_TERMS} terms; these are {len(terms)}."
    for term in terms:
        bare = bare_term(term).strip("#@*.,;:!? ")
        if len(term) > LONGEST_TERM:
            problems["terms"] = f"Shorten the term “{term[:30]}…” to {LONGEST_TERM} characters."
        elif len(bare) < (LEAST_BEGINNING if bare_term(term).endswith("*") else 2) or bare in STOP_WORDS:
            problems["terms"] = f"“{term}” would match nearly every post: use a longer word or a phrase."
    return terms


def _accounts(problems: dict[str, str], values: object) -> tuple[str, ...]:
    accounts = _listed(values)
    if len(accounts) > MOST_TERMS or any(len(one) > LONGEST_TERM for one in accounts):
        problems["accounts"] = f"Name at most {MOST_TERMS} accounts, of at most {LONGEST_TERM} characters each."
    return accounts


def _languages(problems: dict[str, str], values: object) -> tuple[str, ...]:
    languages = tuple(dict.fromkeys(one.casefold().partition("-")[0] for one in _listed(values)))
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            problems["languages"] = f"“{language[:20]}” is no language code: write en, cy, pl and the like."
    return languages


def _area(problems: dict[str, str], value: str | None) -> str | None:
    area = written(value or "")
    if not area:
        return None
    if len(area) > LONGEST_AREA:
        problems["area"] = f"Draw the area more simply: at most {LONGEST_AREA:,} characters."
        return None
    try:
        area_of(area)
    except ValueError as error:
        problems["area"] = str(error)
    return area
