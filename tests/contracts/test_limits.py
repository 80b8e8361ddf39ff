"""One set of limits: each door takes the longest that may be, refuses one more in the same words, and cuts none."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.access import asserted
from dashboard.browser_input import request_name, words
from dashboard.forms import correction, sighting
from dashboard.forms.incident_fields import incident_from
from dashboard.http.command_api import record_asked
from models.domain.acts import Act, Assignee, Officer
from models.domain.incidents import Incident, Watch
from models.domain.sightings import HeardBy, SightingDraft
from models.domain.sources import Permission
from models.errors import Refused
from models.limits import (
    LARGEST_REQUEST_BYTES,
    LONGEST_AREA,
    LONGEST_DESK,
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_REQUEST,
    LONGEST_TERM,
    LONGEST_TEXT,
    MOST_CORNERS,
    MOST_LISTED,
    MOST_TERMS,
)
from models.store import Store
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, OFFICER, a_clock
from tests.contracts.test_store import a_draft, with_a_rumour

INCIDENT = {"name": "Northgate bridge", "purpose": "public safety", "lawful_basis": "public task"}
CORRECTION = {
    "verdict": "false",
    "wording": "The dam is intact.",
    "channel": "Force account",
    "authority": "Environment Agency",
    "issued_at": "12:00",
}
SIGHTING = {"text": "The dam has burst", "reliability": "not known", "heard_by": "radio", "heard_at": "12:00"}
OFFICER_SENT = {"name": "J. Officer", "role": "duty"}


@dataclass(frozen=True)
class Doors:
    """The ways in for one field; each takes what was typed and gives back what is kept of it, or raises Refused.

    `of` says whose field it is, `tidied` how a text of it is kept.
    """

    of: str
    field: str
    most: int
    ways: dict[str, Callable[[Store, Any], Any]]
    tidied: Callable[[str], str] = str.strip


def asked(store: Store, **changes: Any) -> Incident:
    """What `grapevine incident` and the command API record; 422 is their Refused."""
    request = {"fields": INCIDENT, "officer": OFFICER_SENT, "reason": "flood", "existing": None, **changes}
    status, answer = record_asked(store, store.engine.clock, request)
    if status == 422:
        raise Refused(answer["problems"])
    return next(one for one in store.incidents.all() if one.id == answer["incidents"][0]["id"])


def by_command(field: str) -> Callable[[Store, Any], Any]:
    return lambda store, typed: kept_in(asked(store, fields={**INCIDENT, field: typed}), field)


def by_store(field: str) -> Callable[[Store, Any], Any]:
    def record(store: Store, typed: Any) -> Any:
        stands = store.incidents.all()[0]
        changed = (
            replace(stands, **{field: typed})
            if field in INCIDENT
            else replace(stands, watch=Watch(**{field: typed if field == "area" else tuple(typed)}))
        )
        store.incidents.record(changed, OFFICER, "flood").result()
        return kept_in(next(one for one in store.incidents.all() if one.id == changed.id), field)

    return record


def by_form(field: str) -> Callable[[Store, Any], Any]:
    return lambda store, typed: kept_in(incident_from({**INCIDENT, field: typed}, None, NOON), field)


def kept_in(incident: Incident, field: str) -> Any:
    kept = getattr(incident if field in INCIDENT else incident.watch, field)
    return list(kept) if isinstance(kept, tuple) else kept


def incident_doors(field: str, most: int) -> Doors:
    return Doors(
        "incident", field, most, {"form": by_form(field), "command": by_command(field), "store": by_store(field)}
    )


def decided(store: Store, **changes: Any) -> Any:
    given = {"act": Act.TAKE, "officer": OFFICER, "reason": "checking", "request": None, **changes}
    incident = store.incidents.all()[0].id
    number = store.acts.decide(incident, "r", **given).result().number
    return next(one for one in store.acts.decisions(incident) if one.number == number)


def assigned(store: Store, **changes: Any) -> Any:
    given = {"to": Assignee("Comms desk"), "officer": OFFICER, "note": "ring them", **changes}
    incident = store.incidents.all()[0].id
    number = store.acts.assign(incident, "r", **given).result().number
    return next(one for one in store.acts.decisions(incident) if one.number == number)


def corrected(store: Store, **changes: Any) -> Any:
    incident = store.incidents.all()[0].id
    made = store.acts.correct(incident, a_draft(**changes), OFFICER).result().id
    return next(one for one in store.acts.corrections(incident) if one.id == made)


def correction_doors(field: str, most: int = LONGEST_TEXT) -> Doors:
    def by_form(store: Store, typed: str) -> str:
        sent = correction.FORM.read({"values": {**CORRECTION, field: typed}}, NOON)
        return getattr(correction.draft_from(sent, NOON), field)

    return Doors(
        "correction",
        field,
        most,
        {"form": by_form, "store": lambda store, typed: getattr(corrected(store, **{field: typed}), field)},
    )


def sighting_doors(field: str) -> Doors:
    def by_form(store: Store, typed: str) -> str:
        sent = sighting.FORM.read({"values": {**SIGHTING, field: typed}}, NOON)
        return getattr(sighting.draft_from(sent, NOON), field)

    def by_store(store: Store, typed: str) -> str:
        draft = replace(SightingDraft("The dam has burst", HeardBy.RADIO, NOON, "not known"), **{field: typed})
        return getattr(store.acts.log_sighting(store.incidents.all()[0].id, draft, OFFICER).result().draft, field)

    return Doors("sighting", field, LONGEST_TEXT, {"form": by_form, "store": by_store})


def single_spaced(typed: str) -> str:
    return " ".join(typed.split())


def permitted(store: Store, typed: str) -> str:
    store.sources.permit(Permission("x", typed, OFFICER, NOON)).result()
    return store.sources.permissions()["x"].reference


TEXTS = [
    Doors(
        "act",
        "reason",
        LONGEST_TEXT,
        {
            "form": lambda store, typed: decided(store, reason=words(typed)).reason,
            "command": lambda store, typed: asked(store, reason=typed) and typed.strip(),
            "store": lambda store, typed: decided(store, reason=typed).reason,
        },
    ),
    Doors(
        "officer",
        "name",
        LONGEST_NAME,
        {
            "form": lambda store, typed: asserted({"name": typed, "role": "duty"}).name,
            "command": lambda store, typed: (
                asked(store, officer={"name": typed, "role": "duty"}) and single_spaced(typed)
            ),
            "store": lambda store, typed: decided(store, officer=Officer(typed, "duty")).officer.name,
        },
        single_spaced,
    ),
    Doors(
        "officer",
        "role",
        LONGEST_NAME,
        {"store": lambda store, typed: decided(store, officer=Officer("J. Officer", typed)).officer.role},
        single_spaced,
    ),
    Doors(
        "act",
        "request",
        LONGEST_REQUEST,
        {
            "form": lambda store, typed: (request_name({"request": typed}) or "").strip(),
            "command": lambda store, typed: asked(store, request=typed) and typed.strip(),
            "store": lambda store, typed: decided(store, request=typed) and typed.strip(),
        },
    ),
    Doors(
        "assignment",
        "desk",
        LONGEST_DESK,
        {"store": lambda store, typed: assigned(store, to=Assignee(typed)).assignee.name},
        single_spaced,
    ),
    Doors("assignment", "note", LONGEST_TEXT, {"store": lambda store, typed: assigned(store, note=typed).reason}),
    Doors("permission", "reference", LONGEST_TEXT, {"store": permitted}),
    *(correction_doors(field) for field in ("wording", "channel", "authority")),
    *(sighting_doors(field) for field in ("text", "reliability", "place")),
    incident_doors("name", LONGEST_NAME),
    *(incident_doors(field, LONGEST_TEXT) for field in ("purpose", "lawful_basis")),
]
LISTS = [
    incident_doors("terms", MOST_TERMS),
    incident_doors("accounts", MOST_TERMS),
    incident_doors("sources", MOST_LISTED),
]


def each_way(doors: list[Doors]) -> list:
    return [pytest.param(one, way, id=f"{one.of}'s {one.field} by {way}") for one in doors for way in one.ways]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = DuckDBStore(tmp_path_factory.mktemp("limits"), a_clock())
    with_a_rumour(opened)
    yield opened
    opened.close()


def problem(doors: Doors, way: str, store: Store, typed: Any) -> str:
    with pytest.raises(Refused) as refused:
        doors.ways[way](store, typed)
    assert list(refused.value.problems) == [doors.field]
    return refused.value.problems[doors.field]


@pytest.mark.parametrize(("doors", "way"), each_way(TEXTS))
def test_a_text_of_the_limit_is_kept_whole_and_one_character_more_is_refused_by_field(store, doors, way):
    longest = "x" * doors.most
    assert doors.ways[way](store, f"  {longest} ") == longest
    says = problem(doors, way, store, longest + "x")
    assert f"to {doors.most:,} characters: it has {doors.most + 1:,}." in says
    assert {problem(doors, other, store, longest + "x") for other in doors.ways} == {says}


@pytest.mark.parametrize(("doors", "way"), each_way([correction_doors("evidence_url", LONGEST_LINK)]))
def test_a_link_of_the_limit_is_kept_whole_and_one_character_more_is_refused(store, doors, way):
    longest = "https://www.gov.uk/".ljust(LONGEST_LINK, "x")
    assert doors.ways[way](store, f" {longest}") == longest
    assert problem(doors, way, store, longest + "x") == "Shorten the link to 2,000 characters: it has 2,001."


@pytest.mark.parametrize(("doors", "way"), each_way(LISTS))
def test_a_list_of_the_limit_is_kept_whole_and_one_more_is_refused(store, doors, way):
    full = [f"{doors.field}{number}" for number in range(doors.most)]
    assert doors.ways[way](store, full) == full
    says = problem(doors, way, store, [*full, "another"])
    assert says == f"List at most {doors.most:,} {doors.field}: these are {doors.most + 1:,}."


@pytest.mark.parametrize(("doors", "way"), each_way(LISTS))
def test_each_of_a_list_is_kept_whole_up_to_its_limit(store, doors, way):
    longest = "x" * LONGEST_TERM
    assert doors.ways[way](store, ["dam", longest]) == ["dam", longest]
    says = problem(doors, way, store, ["dam", longest + "x"])
    assert says == f"Shorten “{'x' * 30}…” to 100 characters: it has 101."


@pytest.mark.parametrize("way", ["form", "command", "store"])
def test_an_area_is_kept_whole_up_to_its_limits(store, way):
    doors = incident_doors("area", LONGEST_AREA)
    square = '{"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]'
    longest = square + " " * (LONGEST_AREA - len(square) - 1) + "}"
    assert doors.ways[way](store, longest) == longest
    says = problem(doors, way, store, longest.replace("}", " }"))
    assert says == "Shorten the area to 200,000 characters: it has 200,001."


def circle(corners: int) -> str:
    """A polygon of so many corners, the closing one counted."""
    angles = [2 * math.pi * number / (corners - 1) for number in range(corners - 1)]
    ring = [[math.cos(angle), 50 + math.sin(angle)] for angle in angles]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


@pytest.mark.parametrize("way", ["form", "command", "store"])
def test_an_area_of_the_most_corners_is_kept_and_one_more_is_refused(store, way):
    doors = incident_doors("area", LONGEST_AREA)
    assert doors.ways[way](store, circle(MOST_CORNERS)) == circle(MOST_CORNERS)
    assert "at most 2,000 corners" in problem(doors, way, store, circle(MOST_CORNERS + 1))


def test_the_largest_form_fits_into_one_request():
    wave = "🌊"
    names = [wave * LONGEST_TERM]
    form = {
        "name": wave * LONGEST_NAME,
        **dict.fromkeys(("purpose", "lawful_basis", "reason"), wave * LONGEST_TEXT),
        **dict.fromkeys(("terms", "accounts"), names * MOST_TERMS),
        **dict.fromkeys(("languages", "sources"), names * MOST_LISTED),
        "area": wave * LONGEST_AREA,
    }
    assert len(json.dumps([form, form], ensure_ascii=False).encode()) < LARGEST_REQUEST_BYTES


# Nobody types NUL or half a character; they are dropped and replaced (see test_store).
TYPED = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=80).filter(str.strip)


@pytest.mark.parametrize(("doors", "way"), each_way(TEXTS))
@settings(max_examples=25)
@given(typed=TYPED)
def test_what_is_kept_is_what_was_typed(store, doors, way, typed):
    assert doors.ways[way](store, typed) == doors.tidied(typed)


def test_a_field_of_any_length_comes_through_from_the_browser_whole():
    assert words("x" * 50_000) == "x" * 50_000
