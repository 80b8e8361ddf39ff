"""What an incident must say before it may be opened or changed."""

from dataclasses import replace

from models.domain.incidents import Incident, Watch
from models.limits import (
    LONGEST_AREA,
    LONGEST_NAME,
    LONGEST_TERM,
    LONGEST_TEXT,
    MOST_LISTED,
    MOST_TERMS,
    too_long,
    too_many,
)
from models.people.area import area_of
from models.people.checks import refuse, written
from models.people.sharing import checked_sharing
from models.text import one_line
from models.text.languages import languages_of
from models.text.terms import bare_term
from models.text.words import STOP_WORDS

LEAST_BEGINNING = 3


def checked_incident(incident: Incident) -> Incident:
    """The incident as it may be recorded, trimmed. Raises Refused with every problem at once, by field."""
    problems: dict[str, str | None] = {}
    fields = {
        "name": _text(problems, "name", incident.name, "Enter a name for the incident.", LONGEST_NAME),
        "purpose": _text(
            problems,
            "purpose",
            incident.purpose,
            "Enter the purpose of reading the posts. The law requires one for every incident.",
            LONGEST_TEXT,
        ),
        "lawful_basis": _text(
            problems,
            "lawful_basis",
            incident.lawful_basis,
            "Enter the lawful basis for reading the posts.",
            LONGEST_TEXT,
        ),
    }
    watch = _watch(problems, incident.watch)
    incident = checked_sharing(incident, problems)
    refuse(problems)
    return replace(incident, **fields, watch=watch)


def checked_watch(watch: Watch) -> Watch:
    """What an incident may watch for, trimmed. Raises Refused with every problem at once, by field."""
    problems: dict[str, str | None] = {}
    checked = _watch(problems, watch)
    refuse(problems)
    return checked


def _watch(problems: dict[str, str | None], watch: Watch) -> Watch:
    return Watch(
        terms=_terms(problems, watch.terms),
        languages=_languages(problems, watch.languages),
        accounts=_names(problems, "accounts", watch.accounts, MOST_TERMS),
        sources=_names(problems, "sources", watch.sources, MOST_LISTED),
        area=_area(problems, watch.area),
    )


def _text(problems: dict[str, str | None], field: str, value: object, if_missing: str, most: int) -> str:
    text = written(value)
    problems[field] = too_long(f"the {field.replace('_', ' ')}", text, most) if text else if_missing
    return text


def _listed(values: object) -> tuple[str, ...]:
    """Each text once, with single spaces, in the order given; empty ones are left out.

    >>> _listed(["dam", " London  Zoo ", "dam", " "])
    ('dam', 'London Zoo')
    """
    return tuple(dict.fromkeys(text for value in values if (text := one_line(written(value)))))


def _terms(problems: dict[str, str | None], values: object) -> tuple[str, ...]:
    terms = _names(problems, "terms", values, MOST_TERMS)
    for term in terms if not problems["terms"] else ():
        bare = bare_term(term).strip("#@*.,;:!?-& ")
        if len(bare) < (LEAST_BEGINNING if bare_term(term).endswith("*") else 2) or bare in STOP_WORDS:
            problems["terms"] = f"“{term}” would match nearly every post. Use a longer word or a phrase."
    return terms


def _names(problems: dict[str, str | None], field: str, values: object, most: int) -> tuple[str, ...]:
    """Terms, accounts or sources: so many at most, and each of them short."""
    names = _listed(values)
    overlong = (too_long(f"“{name[:30]}…”", name, LONGEST_TERM) for name in names)
    problems[field] = too_many(field, names, most) or next(filter(None, overlong), None)
    return names


def _languages(problems: dict[str, str | None], values: object) -> tuple[str, ...]:
    listed = _listed(values)
    problems["languages"] = too_many("languages", listed, MOST_LISTED)
    for tag in listed:
        if len(languages_of(tag)) != 1:
            problems["languages"] = f"“{tag[:20]}” is not a language code. Use codes such as en, cy or pl."
    return tuple(dict.fromkeys(language for tag in listed for language in sorted(languages_of(tag))))


def _area(problems: dict[str, str | None], value: str | None) -> str | None:
    area = written(value or "")
    problems["area"] = too_long("the area", area, LONGEST_AREA)
    if not area or problems["area"]:
        return None
    try:
        area_of(area)
    except ValueError as error:
        problems["area"] = str(error)
    return area
