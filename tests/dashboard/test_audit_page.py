"""The screen of the audit: who may see it, what it shows, that its pages are the whole, and what it enters itself."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.components import audit_parts
from dashboard.forms import take_audit
from dashboard.pages import audit as audit_page
from dashboard.pages import sources
from dashboard.views import audit as audit_view
from dashboard.views.audit import AuditQuestion, question_in, read_page, search_of, seen
from dashboard.words import audit_screen as words
from models.domain.acts import Act, Officer
from models.domain.audit import (
    AuditedAct,
    AuditedLook,
    AuditedSignIn,
    AuditedUserAct,
    AuditEntry,
    AuditFilter,
    AuditKind,
    AuditNote,
)
from models.domain.users import Grant, Role
from models.errors import StoreError
from tests.builders import NOON, OFFICER, a_post
from tests.dashboard.world import (
    DUTY,
    HERE,
    INFORMATION,
    Somebody,
    an_app,
    answer_of,
    browser_of,
    call,
    judge,
    opened,
    problems_of,
    send,
    signed_in,
)


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", minute=1), a_post("No it has not", minute=2)])
    return incident


@pytest.fixture
def app(store, incident):
    return an_app(store)


def shown(app, search: str = "", who: Somebody = INFORMATION) -> str:
    """The page as the browser of somebody gets it."""
    answer = call(
        app, "content.children", [("url.pathname", "/audit"), ("url.search", search)], [], "url.pathname", officer=who
    )
    return json.dumps(answer["content"], ensure_ascii=False)


def settled(store) -> None:
    """Once all that was handed over to the writer is entered."""
    for _ in range(2):
        store.engine.writer.submit_act(lambda transaction: None, shows=lambda _: False).result()


def whats(store, **which) -> list[str]:
    settled(store)
    return [one.note.what for one in store.audit.entries(AuditFilter(**which))]


# --- Who may see it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.INFORMATION_MANAGER])
def test_nobody_else_sees_an_entry_or_a_link_and_reads_who_may(app, store, role):
    store.audit.note(AuditNote(AuditKind.SIGN_IN, "secret-entry", OFFICER)).result()
    who = Somebody(f"The {role}", role)
    page = shown(app, who=who)
    assert "Ask an information manager." in page
    assert "secret-entry" not in page
    answer = call(
        app, "content.children", [("url.pathname", "/sources"), ("url.search", "")], [], "url.pathname", officer=who
    )
    assert "/audit" not in json.dumps(answer["places"])


def test_an_information_manager_has_a_link_and_reads_who_did_what_and_why(app, store, incident):
    store.acts.decide(incident.id, "dam", Act.TAKE, DUTY.officer, "checking with the reservoir").result()
    answer = call(
        app,
        "content.children",
        [("url.pathname", "/audit"), ("url.search", "")],
        [],
        "url.pathname",
        officer=INFORMATION,
    )
    assert '"/audit"' in json.dumps(answer["places"])
    page = json.dumps(answer["content"], ensure_ascii=False)
    for said in (
        "J. Officer (duty officer, Northgate Police)",
        "took a rumour",
        "The dam has burst",
        "Northgate flood",
        "checking with the reservoir",
        "20 Nov 2026, 12:",
    ):
        assert said in page, said


def a_manager_of(store, app, incident: str) -> Somebody:
    """Somebody who is information manager in one incident and a viewer in all."""
    who = Somebody("One Incident's", Role.VIEWER)
    grants = {Grant(Role.VIEWER, who.service), Grant(Role.INFORMATION_MANAGER, who.service, incident)}
    store.users.record(replace(who.user, grants=frozenset(grants)), None, None).result()
    return who


def test_who_manages_one_incident_sees_that_one_and_nothing_beyond(app, store, incident):
    other = opened(store, name="Other")
    store.audit.note(AuditNote(AuditKind.ACT, "theirs", OFFICER, incident.id)).result()
    store.audit.note(AuditNote(AuditKind.ACT, "of-another", OFFICER, other.id)).result()
    store.audit.note(AuditNote(AuditKind.SIGN_IN, "of-none", OFFICER)).result()
    who = a_manager_of(store, app, incident.id)
    for search in ("", f"?incident={incident.id}"):
        rows = rows_of(shown(app, search, who))
        assert "theirs" in rows
        assert "of-another" not in rows
        assert "of-none" not in rows
    assert "Ask an information manager." in shown(app, f"?incident={other.id}", who)
    # The chain is of all.
    assert words.CHECK not in shown(app, "", who)


def rows_of(page: str) -> str:
    """The part of a page that lists entries."""
    return page[page.index(words.LIST) :]


# --- What it shows -------------------------------------------------------------------------------------------------


def test_ids_of_posts_are_not_shown(app, store, incident):
    """They may hold the name of who wrote them."""
    store.audit.note(AuditNote(AuditKind.ACT, "log-sighting", OFFICER, incident.id, "at-jo_smith-1")).result()
    store.audit.note(AuditNote(AuditKind.ACT, "code", OFFICER, incident.id, "at-jo_smith-2")).result()
    assert "jo_smith" not in shown(app)


def test_what_happened_long_before_it_was_entered_says_both_times(app, store, incident):
    early = store.engine.clock.now() - timedelta(minutes=10)
    store.audit.note(
        AuditNote(AuditKind.CONSULTATION, "look-at-rumour", OFFICER, incident.id, "dam", at=early)
    ).result()
    assert "entered 20 Nov 2026, 12:" in shown(app)


def test_a_reason_that_was_erased_says_so(app, store, incident):
    store.audit.note(AuditNote(AuditKind.ACT, "take", OFFICER, incident.id, "dam", "names somebody")).result()
    with store.engine.connection.cursor() as connection:
        connection.execute("update audit_entries set reason = null, salt = null where reason = 'names somebody'")
    page = shown(app, "?what=take")
    assert words.ERASED in page


def test_the_same_look_of_a_manager_is_entered_once_in_ten_minutes(app, store):
    for _ in range(3):
        shown(app)
    assert whats(store, what=AuditedLook.AUDIT) == [AuditedLook.AUDIT]


def test_an_address_that_asks_for_nonsense_shows_what_it_can(app):
    for search in (
        "?from=yesterday&until=&kind=nothing&before=x",
        "?before=99999999999999999999999",
        "?before=-1&officer=%00%ff&incident=%F0%9F",
        "?from=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z",
        "?incident=no-such-incident",
        "?what=" + "x" * 5_000,
    ):
        assert words.FILTERS in shown(app, search), search


def test_the_past_has_no_audit(app):
    assert "exists in the present only" in shown(app, "?as_of=2026-11-20T11:00:00Z")


# --- The filters ---------------------------------------------------------------------------------------------------


def ask(app, times=("", ""), chosen=("", "", "", ""), who: Somebody = INFORMATION):
    names = (audit_parts.INCIDENT, audit_parts.OFFICER, audit_parts.KIND, audit_parts.WHAT)
    times = zip((audit_parts.FROM, audit_parts.UNTIL), times, strict=True)
    state = [*times, *zip(names, chosen, strict=True)]
    inputs = [
        (f"{audit_parts.SHOW}.n_clicks", 1),
        (f"{audit_parts.FROM}.n_submit", None),
        (f"{audit_parts.UNTIL}.n_submit", None),
    ]
    return call(
        app,
        f"{audit_parts.PROBLEM}.children",
        inputs,
        [(f"{name}.value", value) for name, value in state],
        f"{audit_parts.SHOW}.n_clicks",
        officer=who,
    )


def test_what_is_chosen_becomes_an_address_that_can_be_shared(app):
    answer = ask(app, ("20 Nov 2026, 11:00", "20 Nov 2026, 12:00"), ("i1", "u1", "act", "take"))
    search = next(part["search"] for part in answer.values() if "search" in part)
    assert question_in(search) == AuditQuestion(
        AuditFilter(NOON - timedelta(hours=1), NOON, "i1", "u1", AuditKind.ACT, "take")
    )


@pytest.mark.parametrize(
    ("times", "said"), [(("soon", ""), "Enter a time"), (("20 Nov 2026, 12:00", "20 Nov 2026, 11:00"), "later")]
)
def test_times_that_cannot_be_are_told(app, times, said):
    answer = ask(app, times)
    assert said in answer[audit_parts.PROBLEM]["children"]
    assert not any("search" in part for part in answer.values())


times = st.none() | st.integers(0, 40).map(lambda second: NOON + timedelta(seconds=second))
few = st.sampled_from
filters = st.builds(
    AuditFilter,
    since=times,
    until=times,
    incident=st.none() | few(["flood", "storm", "none"]),
    who=st.none() | few(["u1", "J. Officer", "S. Igned-In", "nobody"]),
    kind=st.none() | few(list(AuditKind)),
    what=st.none() | few(["a", "b", "c"]),
    without=few([(), ("flood",), ("flood", "storm")]),
)
OFFICERS = (None, Officer("J. Officer", "duty"), Officer("S. Igned-In", "comms", "Northgate", "u1"))


@given(which=filters)
def test_an_address_says_a_filter_and_a_place_exactly(which):
    question = AuditQuestion(replace(which, without=()), 17)
    assert question_in(search_of(question)) == question
    assert parse_qs(search_of(AuditQuestion(AuditFilter())).removeprefix("?")) == {}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    from models.store.duckdb.store import DuckDBStore
    from tests.builders import a_clock

    store = DuckDBStore(tmp_path_factory.mktemp("audit"), a_clock())
    for number in range(60):
        store.engine.clock.advance_to(NOON + timedelta(seconds=number * 2 // 3))
        incident = (None, "flood", "storm")[number % 3]
        note = AuditNote(list(AuditKind)[number % 4], "abc"[number % 3], OFFICERS[number * 7 % 3], incident)
        store.audit.note(note).result()
    yield store
    store.close()


def is_wanted(one: AuditEntry, which: AuditFilter) -> bool:
    """As the filter is told, in plain code."""
    note, officer = one.note, one.note.officer
    return (
        (which.since is None or one.entered_at >= which.since)
        and (which.until is None or one.entered_at < which.until)
        and which.incident in (None, note.incident)
        and (which.who is None or (officer is not None and which.who in (officer.user, officer.name)))
        and which.kind in (None, note.kind)
        and which.what in (None, note.what)
        and note.incident not in which.without
    )


@given(which=filters, size=st.integers(1, 70))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_put_together_are_the_filtered_chain(filled, which, size):
    whole = filled.audit.entries()
    put_together, before = [], None
    for _ in range(len(whole) + 1):
        page = read_page(filled, AuditQuestion(which, before), size)
        assert len(page.entries) <= size
        put_together += page.entries
        before = page.older
        if before is None:
            break
    assert put_together == [one for one in whole if is_wanted(one, which)]


def test_what_is_entered_while_somebody_reads_on_moves_no_page(app, store, incident):
    for number in range(10):
        store.audit.note(AuditNote(AuditKind.ACT, f"first-{number}", OFFICER)).result()
    first = read_page(store, AuditQuestion(AuditFilter()), 5)
    store.audit.note(AuditNote(AuditKind.ACT, "later", OFFICER)).result()
    second = read_page(store, AuditQuestion(AuditFilter(), first.older), 5)
    numbers = [one.number for one in (*first.entries, *second.entries)]
    assert numbers == list(range(numbers[0], numbers[0] - 10, -1))


def test_incidents_whose_audit_is_not_theirs_are_left_out(app, store, incident, monkeypatch):
    """As between services: each sees what was done in the incidents that it has a role in."""
    hidden = opened(store, name="Hidden")
    real = audit_view.may
    monkeypatch.setattr(
        audit_view, "may", lambda act, one=None: real(act, one) and (one is None or one.id != hidden.id)
    )
    with signed_in(app, INFORMATION):
        assert seen(store, AuditFilter()).without == (hidden.id,)


# --- The check of the chain ----------------------------------------------------------------------------------------


def press_check(app, who: Somebody = INFORMATION, trigger: str = audit_page.CHECK):
    return call(
        app,
        f"{audit_page.SAID}.children",
        [(f"{audit_page.CHECK}.n_clicks", 1), (f"{audit_page.TICK}.n_intervals", 1)],
        [],
        f"{trigger}.{'n_clicks' if trigger == audit_page.CHECK else 'n_intervals'}",
        officer=who,
    )


def after_the_check(app, who: Somebody = INFORMATION) -> str:
    press_check(app, who)
    for thread in [one for one in threading.enumerate() if one.name == "audit-check"]:
        thread.join(20)
    answer = press_check(app, who, audit_page.TICK)
    assert answer[audit_page.TICK]["disabled"] is True
    return json.dumps(answer[audit_page.SAID]["children"], ensure_ascii=False)


def test_the_chain_is_checked_and_that_is_entered_with_what_was_found(app, store):
    assert words.NEVER_CHECKED in shown(app)
    said = after_the_check(app)
    assert "all follow; head " in said
    assert "Checked 20 Nov 2026, 12:" in said
    assert "by I. Manager (information manager, Northgate Police)." in said
    (entry,) = store.audit.entries(AuditFilter(what=AuditedLook.CHECK_AUDIT))
    assert entry.note.officer == INFORMATION.officer
    assert "all follow" in entry.note.reason
    # Also after a restart, and to everybody who may see it.
    assert "all follow" in shown(an_app(store), who=INFORMATION)


def test_a_changed_entry_is_told_by_its_number_and_when_it_was_entered(app, store):
    changed = store.audit.note(AuditNote(AuditKind.ACT, "take", OFFICER)).result()
    shown(app)
    settled(store)
    with store.engine.connection.cursor() as connection:
        connection.execute(f"update audit_entries set what = 'other' where number = {changed.number}")
    said = after_the_check(app)
    assert f"Entry {changed.number} was changed; it now says: act, other, by " in said
    assert "20 Nov 2026, 12:" in said
    assert "Copy the data folder as it is" in said


def test_a_check_that_fails_is_told(app, store, monkeypatch):
    def fails(go_on=None):
        raise StoreError("The database refused.")

    monkeypatch.setattr(store.audit, "verify", fails)
    assert "could not be checked" in after_the_check(app)


def test_nobody_else_checks_the_chain(app, store):
    answer = press_check(app, DUTY)
    assert "Ask an information manager." in json.dumps(answer[audit_page.SAID]["children"])
    assert whats(store, what=AuditedLook.CHECK_AUDIT) == []


# --- Taking it out -------------------------------------------------------------------------------------------------


def take(app, filters: str = "", reason: str = "asked for", who: Somebody = INFORMATION, **values):
    values = {"format": "jsonl", "reason": reason, **values}
    return send(app, take_audit.FORM, values, {"incident": "", "filters": filters}, officer=who)


def file_of(app, sent, who: Somebody = INFORMATION) -> list[dict]:
    ticket = answer_of(sent, take_audit.FORM)["keep"]["ticket"]
    answer = browser_of(app, who).post("/download", data={"ticket": ticket}, base_url=HERE)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def test_what_the_filters_choose_is_taken_out_and_that_is_entered_first(app, store, incident):
    for what in ("take", "park", "take"):
        store.audit.note(AuditNote(AuditKind.ACT, what, OFFICER, incident.id)).result()
    lines = file_of(app, take(app, "?what=take", reason="for the DPO"))
    assert [one["what"] for one in lines] == ["take", "take"]
    (entry,) = store.audit.entries(AuditFilter(what="audit, jsonl"))
    assert (entry.note.officer, entry.note.reason, entry.note.subject) == (
        INFORMATION.officer,
        "for the DPO",
        "?what=take",
    )


@pytest.mark.parametrize(
    ("values", "field"), [({"reason": " "}, "reason"), ({"format": "exe"}, "format"), ({"format": None}, "format")]
)
def test_nothing_is_taken_without_a_reason_or_a_form(app, store, values, field):
    assert list(problems_of(take(app, **values), take_audit.FORM)) == [field]
    assert whats(store, what="audit, jsonl") == []


def test_nobody_else_takes_it_and_who_manages_one_incident_takes_only_that(app, store, incident):
    assert "Ask an information manager." in problems_of(take(app, who=DUTY), take_audit.FORM)["role"]
    other = opened(store, name="Other")
    who = a_manager_of(store, app, incident.id)
    store.audit.note(AuditNote(AuditKind.ACT, "theirs", OFFICER, incident.id)).result()
    store.audit.note(AuditNote(AuditKind.ACT, "of-another", OFFICER, other.id)).result()
    about = {"incident": incident.id, "filters": f"?incident={incident.id}"}
    values = {"format": "jsonl", "reason": "asked for"}
    lines = file_of(app, send(app, take_audit.FORM, values, about, officer=who), who)
    assert {one["incident"] for one in lines} == {incident.id}
    # With the one as a pretext for the other.
    tricked = send(app, take_audit.FORM, values, {**about, "filters": f"?incident={other.id}"}, officer=who)
    assert "role" in problems_of(tricked, take_audit.FORM)


# --- Where gaps are told -------------------------------------------------------------------------------------------


def test_consultations_that_could_not_be_entered_are_told_on_the_screens_and_to_monitors(
    app, store, incident, monkeypatch
):
    def refuses(note):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(store.audit, "note_all", refuses)
    assert words.HEADING in shown(app)
    said = "1 consultation could not be entered yet; Grapevine tries again."
    assert said in shown(app)
    table = call(
        app,
        f"{sources.TABLE}.children",
        [("sources-tick.n_intervals", 1), (f"{sources.RESULTS}.data", {})],
        [],
        "sources-tick.n_intervals",
    )
    assert said in json.dumps(table[sources.TABLE])
    health = browser_of(app, None).get("/health", base_url=HERE)
    if health.status_code == 401:
        health = browser_of(app, DUTY).get("/health", base_url=HERE)
    assert health.status_code == 503
    assert health.json["consultations_not_entered"] == {"waiting": 1, "lost": 0}
    assert any("The audit has gaps since" in one for one in health.json["faults"])


def test_the_filters_never_search_by_who_wrote_a_post():
    """The fields of the filter are all there is to search by: officers are who acts, and are users."""
    assert set(AuditFilter.__slots__) == {"since", "until", "incident", "who", "kind", "what", "without"}


def test_nobody_signed_in_sees_nothing(app):
    call(app, "content.children", [("url.pathname", "/audit"), ("url.search", "")], [], "url.pathname", officer=None)


@pytest.mark.parametrize("one", [*Act, *AuditedAct, *AuditedSignIn, *AuditedUserAct, *AuditedLook])
def test_whatever_is_entered_is_told_in_words_not_by_its_key(one):
    assert words.what(AuditKind.ACT, one.value) not in ("", one.value)
