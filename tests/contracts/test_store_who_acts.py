"""Who acts is kept whole, by every act: name, role, service and user; and given back after a restart."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from models.domain.acts import Act, Officer
from models.domain.imports import ImportEnd
from models.domain.posts import DeadLetter
from models.domain.rumours import Stance
from models.domain.sources import HealthEvent, HealthKind
from models.store import Store
from models.store.messages import Arrival
from tests.builders import NOON, OFFICER, an_import
from tests.contracts import test_same_request as same_request
from tests.contracts.a_round import CODERS, code_all, start
from tests.contracts.engines import Engine
from tests.contracts.test_same_request import ACTS, FIRST, Doing, Try
from tests.contracts.two_rumours import refused

SIGNED_IN = Officer("S. Igned-In", "approver", "Northgate Police", "u17")
# Another person of the same name.
NAMESAKE = Officer("S. Igned-In", "analyst", "Northgate Fire", "u18")
BY_SIGNED_IN = Try(1, SIGNED_IN)
REQUEST = "request 17"

# The store with rumours, rounds of coding and captions on which every act can be done.
prepared, folder, incident = same_request.prepared, same_request.folder, same_request.incident


def _codes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.codings.code(incident, _a_round(store, incident), "d1", Stance.DENY, words.officer, request)


def _finishes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    made = _a_round(store, incident)
    code_all(store, incident, made, {words.officer: "d"})
    return store.codings.finish(incident, made, words.officer, request)


def _switches(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.sources.add_health([HealthEvent("feeds", HealthKind.STOPPED, NOON, "stopped", by=words.officer)])


def _discards(store: Store, incident: str, words: Try, request: str | None) -> Future:
    store.posts.add(Arrival(dead_letters=[DeadLetter("feeds", "1", "not JSON", "{", NOON)])).result()
    (kept,) = store.sources.dead_letters("feeds", 10)
    return store.sources.discard_letter(kept.id, "by hand", words.officer)


def _cancels(store: Store, incident: str, words: Try, request: str | None) -> Future:
    one = store.imports.begin(an_import(incident)).result()
    return store.imports.end(one.id, ImportEnd.CANCELLED, "after 3 rows", words.officer)


def _a_round(store: Store, incident: str) -> str:
    """A new round of one flow and two coders."""
    store.codings.end(incident, store.codings.rounds(incident)[-1].round.id, OFFICER, "next").result()
    return start(store, incident, "d1", coders=2)


DOES: dict[str, Doing] = {
    **{name: does for name, (_, does) in ACTS.items()},
    "code": _codes,
    "finish-coding": _finishes,
    "switch-source": _switches,
    "discard-letter": _discards,
    "cancel-import": _cancels,
}
# The table that keeps each act; the log of decisions keeps what is not named.
TABLES = {
    "correct": "corrections",
    "log-sighting": "sightings",
    "open-incident": "incident_versions",
    "change-incident": "incident_versions",
    "close-incident": "incident_versions",
    "permit-source": "permissions",
    "take-something-out": "consultations",
    "import-a-file": "imports",
    "pin-caption": "annotations",
    "take-caption-away": "annotations",
    "start-coding": "coding_rounds",
    "code": "codings",
    "finish-coding": "coding_ends",
    "end-coding": "coding_ends",
    "settle-coding": "adjudications",
    "switch-source": "source_health",
    "discard-letter": "source_health",
    "cancel-import": "import_ends",
    "record-user": "user_versions",
}
# What the columns are called where `service` and `user_id` are those of the user whom the row is about.
APART = {"user_versions": "officer_service, officer_user"}
# Of acts whose result does not say who acted: where it is read. Who took a caption away is told nowhere.
READ: dict[str, Callable[[Store, str], Any]] = {
    "open-incident": lambda store, _: store.incidents.versions("incident-flood 1")[0],
    "change-incident": lambda store, incident: store.incidents.versions(incident)[0],
    "close-incident": lambda store, incident: store.incidents.versions(incident)[0],
    "switch-source": lambda store, _: store.sources.last_switch("feeds"),
    "discard-letter": lambda store, _: store.sources.health("feeds", 1)[0],
    "cancel-import": lambda store, incident: store.imports.of(incident)[0].ended_by,
    "record-user": lambda store, _: store.users.versions("u1")[0],
}


@pytest.mark.parametrize("act", DOES)
def test_every_act_gives_back_who_acted_after_a_restart(act, store, incident, opening, engine: Engine):
    DOES[act](store, incident, BY_SIGNED_IN, REQUEST).result()
    again = opening()
    if act != "take-caption-away":
        # A request that is made again is answered with what it made, whoever makes it.
        made = READ[act](again, incident) if act in READ else DOES[act](again, incident, FIRST, REQUEST).result()
        assert SIGNED_IN in officers_in(made)
    table = TABLES.get(act, "decisions")
    kept = engine.looks(again, f"select distinct {APART.get(table, 'service, user_id')} from {table}")
    # Others acted there before, so that there was something to act on.
    before = {(one.service, one.user) for one in (OFFICER, *CODERS)} | {(None, None)}
    assert set(kept) - before == {(SIGNED_IN.service, SIGNED_IN.user)}


def test_no_table_forgets_who_acted(store, engine: Engine):
    keep_a_role = {*engine.tables_with(store, "role"), *engine.tables_with(store, "recorded_role")}
    whole = set(engine.tables_with(store, "service")) & set(engine.tables_with(store, "user_id"))
    apart = set(engine.tables_with(store, "officer_service")) & set(engine.tables_with(store, "officer_user"))
    assert set(APART) <= apart
    assert keep_a_role <= whole
    assert keep_a_role >= {*TABLES.values(), "decisions"}


def test_an_officer_who_was_not_signed_in_has_no_service_and_no_user(store, incident):
    store.acts.decide(incident, "dam", Act.TAKE, OFFICER, "checking").result()
    assert store.acts.decisions(incident)[0].officer == OFFICER


def test_the_service_and_the_user_of_a_decision_are_in_its_link(store, incident, opening, engine: Engine):
    store.acts.decide(incident, "dam", Act.TAKE, SIGNED_IN, "checking").result()
    assert store.acts.broken_decision(incident) is None
    number = store.acts.decisions(incident)[0].number
    for changed in ("service = 'Northgate Fire'", "user_id = 'u18'", "user_id = null"):
        engine.looks(store, "create or replace table kept as select * from decisions")
        engine.looks(store, f"update decisions set {changed} where number = {number}")
        assert store.acts.broken_decision(incident) == number
        engine.looks(store, "delete from decisions")
        engine.looks(store, "insert into decisions from kept")
        assert store.acts.broken_decision(incident) is None


def test_two_coders_of_the_same_name_are_two_people(store, incident):
    made = _a_round(store, incident)
    code_all(store, incident, made, {SIGNED_IN: "s", NAMESAKE: "d"})
    assert [one.label for one in store.codings.desk(incident, made, SIGNED_IN)] == [Stance.SUPPORT]
    assert [one.label for one in store.codings.desk(incident, made, NAMESAKE)] == [Stance.DENY]
    for coder in (SIGNED_IN, NAMESAKE):
        store.codings.finish(incident, made, coder).result()
    (dispute,) = [one for one in store.codings.disputes(incident, OFFICER) if one.round == made]
    assert dispute.labels == {"S. Igned-In": Stance.SUPPORT, "S. Igned-In (Northgate Fire)": Stance.DENY}
    assert all(one.round != made for one in store.codings.disputes(incident, NAMESAKE))
    assert refused(lambda: store.codings.settle(incident, made, "d1", Stance.DENY, NAMESAKE)) == ["flow"]


def test_a_coder_who_changes_their_name_stays_the_same_person(store, incident):
    made = _a_round(store, incident)
    renamed = dataclasses.replace(SIGNED_IN, name="S. New-Name", role="analyst")
    code_all(store, incident, made, {SIGNED_IN: "s", renamed: "d"})
    assert [one.label for one in store.codings.desk(incident, made, SIGNED_IN)] == [Stance.DENY]
    assert store.codings.rounds(incident)[-1].coders == (SIGNED_IN,)


def officers_in(value: Any) -> list[Officer]:
    """Every officer that a value holds."""
    if isinstance(value, Officer):
        return [value]
    held = [getattr(value, field.name) for field in dataclasses.fields(value)]
    return [one for one in held if isinstance(one, Officer)]
