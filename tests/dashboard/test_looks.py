"""What people look at is entered in the audit: once a person, thing and ten minutes, and in the way of no page."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import pytest

from dashboard.auditing import looks
from dashboard.auditing.looks import Entering, Looks
from dashboard.pages import board, rumour
from models.domain.audit import AuditedLook, AuditFilter, AuditKind, AuditNote
from models.errors import Refused, StoreError
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock, a_post
from tests.dashboard.world import COMMS, DUTY, Somebody, an_app, call, judge, opened

INCIDENT, DAM = "incident-Northgate flood", "dam"


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", minute=1), a_post("No it has not", minute=2)])
    return incident


class Watch:
    """A stop watch, and the timers that go by it."""

    def __init__(self):
        self.now = 1_000.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        timer = (self.now + seconds, then)
        self.timers.append(timer)
        return lambda: self.timers.remove(timer)

    def go(self, seconds: float) -> None:
        self.now += seconds
        for timer in [one for one in self.timers if one[0] <= self.now]:
            self.timers.remove(timer)
            timer[1]()


class Entered:
    """A stand-in for what enters notes, which keeps them."""

    def __init__(self):
        self.notes: list[AuditNote] = []
        self.is_finished = False

    def enter(self, note: AuditNote) -> None:
        self.notes.append(note)

    def finish(self, seconds: float) -> None:
        self.is_finished = True


def a_look(who: Somebody = DUTY, subject: str = DAM, **changes) -> AuditNote:
    given = {"kind": AuditKind.CONSULTATION, "what": AuditedLook.RUMOUR, "officer": who.officer, "incident": INCIDENT}
    return AuditNote(**{**given, "subject": subject, **changes})


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def entered() -> Entered:
    return Entered()


@pytest.fixture
def all_looks(watch, entered) -> Looks:
    return Looks(entered, watch, watch.later)


# --- Which looks are entered ---------------------------------------------------------------------------------------


def test_a_rumour_that_is_opened_again_within_ten_minutes_is_one_look(all_looks, watch, entered):
    for _ in range(3):
        all_looks.opened(a_look())
        watch.go(250)
    assert len(entered.notes) == 1
    watch.go(100)
    all_looks.opened(a_look())
    assert len(entered.notes) == 2


def test_each_person_and_each_rumour_is_a_look_of_its_own(all_looks, entered):
    wanted = [a_look(), a_look(COMMS), a_look(subject="bridge"), a_look(incident="another"), a_look(reason="then")]
    for one in [*wanted, *wanted]:
        all_looks.opened(one)
    assert entered.notes == wanted


def test_an_open_page_that_is_drawn_again_all_night_is_no_new_look(all_looks, watch, entered):
    all_looks.opened(a_look())
    for _ in range(200):
        watch.go(590)
        all_looks.redrawn(a_look())
    assert len(entered.notes) == 1


def test_a_page_that_shows_nothing_new_for_an_hour_but_asks_is_still_the_same_look(all_looks, watch, entered):
    all_looks.opened(a_look())
    for _ in range(1_800):
        watch.go(2)
        all_looks.still_open(AuditedLook.RUMOUR, DUTY.id, INCIDENT, DAM)
    all_looks.redrawn(a_look())
    assert len(entered.notes) == 1


def test_a_page_that_was_never_opened_is_entered_when_it_is_drawn_again(all_looks, entered):
    """A browser may call what draws a page without what opens it."""
    all_looks.redrawn(a_look())
    assert len(entered.notes) == 1


def test_a_page_that_is_opened_after_hours_of_being_drawn_is_entered(all_looks, watch, entered):
    all_looks.opened(a_look())
    watch.go(590)
    all_looks.redrawn(a_look())
    watch.go(590)
    all_looks.opened(a_look())
    assert len(entered.notes) == 2


def test_what_is_remembered_of_looks_is_bounded(all_looks, entered, monkeypatch):
    monkeypatch.setattr(looks, "MOST_LOOKS", 10)
    for number in range(11):
        all_looks.opened(a_look(subject=str(number)))
    assert len(all_looks._looks) == 10
    # What was forgotten is entered once more: never too little.
    all_looks.opened(a_look(subject="0"))
    assert len(entered.notes) == 12


def a_search(words: str | None) -> AuditNote:
    return a_look(what=AuditedLook.SEARCH, subject=None, reason=words)


def test_a_search_is_entered_once_it_is_not_typed_on(all_looks, watch, entered):
    for typed in ("d", "da", "dam"):
        all_looks.typed("a session", a_search(typed))
        watch.go(1)
    assert entered.notes == []
    watch.go(2)
    assert [one.reason for one in entered.notes] == ["dam"]
    # Drawn again with the same words, by another tab or another rank.
    all_looks.typed("a session", a_search("dam"))
    watch.go(3)
    assert len(entered.notes) == 1


def test_words_taken_back_at_once_are_no_search_and_those_of_another_are_their_own(all_looks, watch, entered):
    all_looks.typed("a session", a_search("dam"))
    all_looks.typed("another", a_search("bridge"))
    all_looks.typed("a session", a_search(None))
    watch.go(3)
    assert [one.reason for one in entered.notes] == ["bridge"]


def test_what_was_typed_just_before_the_server_stops_is_entered(all_looks, watch, entered):
    all_looks.typed("a session", a_search("dam"))
    all_looks.finish()
    assert [one.reason for one in entered.notes] == ["dam"]
    assert entered.is_finished
    watch.go(3)
    assert len(entered.notes) == 1


# --- What cannot be entered ----------------------------------------------------------------------------------------


class SomeAudit:
    """A stand-in for the audit of a store; with a `fault` it enters nothing. While it `hangs` it answers nothing."""

    def __init__(self):
        self.fault: Exception | None = None
        self.hangs = False
        self.refused = "a subject that is refused"
        self.batches: list[int] = []
        self.entered: list[AuditNote] = []
        self.unanswered: list[Future] = []

    @property
    def audit(self):
        return self

    def note_all(self, notes: list[AuditNote]) -> Future:
        future: Future = Future()
        self.batches.append(len(notes))
        if self.hangs:
            self.unanswered.append(future)
        elif self.fault is not None:
            future.set_exception(self.fault)
        elif any(one.subject == self.refused for one in notes):
            raise Refused({"name": "Enter your name."})
        else:
            self.entered += notes
            future.set_result(notes)
        return future


@pytest.fixture
def audit() -> SomeAudit:
    return SomeAudit()


@pytest.fixture
def entering(audit) -> Entering:
    return Entering(audit, a_clock())


def subjects(audit: SomeAudit) -> list[str]:
    return [one.subject for one in audit.entered]


def test_what_could_not_be_entered_waits_and_is_entered_with_its_own_time_as_soon_as_anything_is(audit, entering):
    audit.fault = StoreError("The disk is full.")
    for name in "abc":
        entering.enter(a_look(subject=name))
    assert (entering.unentered().waiting, entering.unentered().lost) == (3, 0)
    assert entering.unentered().since is not None
    audit.fault = None
    entering.enter(a_look(subject="d"))
    assert subjects(audit) == ["a", "b", "c", "d"]
    assert all(one.at is not None for one in audit.entered)
    assert not entering.unentered()


def test_what_there_is_no_room_for_is_counted_and_the_audit_says_so_itself(audit, entering, monkeypatch):
    monkeypatch.setattr(looks, "MOST_WAITING", 2)
    audit.fault = StoreError("The disk is full.")
    for name in "abcde":
        entering.enter(a_look(subject=name))
    assert (entering.unentered().waiting, entering.unentered().lost) == (2, 3)
    audit.fault = None
    for name in "fg":
        entering.enter(a_look(subject=name))
    told = [one.reason for one in audit.entered if one.what == AuditedLook.MISSED]
    assert len(told) == 1
    assert told[0].startswith("3 consultations since ")
    assert sorted(filter(None, subjects(audit))) == list("defg")
    # Whoever keeps the audit should know of it for as long as this server runs.
    assert entering.unentered().lost == 3


def test_a_note_that_is_refused_is_lost_and_told_and_keeps_no_other_from_its_entry(audit, entering):
    audit.hangs = True
    for name in ("a", "b", audit.refused, "c"):
        entering.enter(a_look(subject=name))
    audit.hangs = False
    audit.unanswered[0].set_result(None)
    assert [one.what for one in audit.entered].count(AuditedLook.MISSED) == 1
    assert list(filter(None, subjects(audit))) == ["b", "c"]
    assert (entering.unentered().waiting, entering.unentered().lost) == (0, 1)


def test_many_that_wait_for_a_writer_that_hangs_are_told(audit, entering, monkeypatch):
    monkeypatch.setattr(looks, "MANY_WAITING", 3)
    audit.hangs = True
    for name in "abcde":
        entering.enter(a_look(subject=name))
    assert entering.unentered().waiting == 4
    assert entering.unentered().since is not None


def test_that_some_were_lost_is_told_once_also_where_that_could_not_be_entered_at_first(audit, entering, monkeypatch):
    monkeypatch.setattr(looks, "MOST_WAITING", 1)
    audit.fault = StoreError("The disk is full.")
    for name in "abc":
        entering.enter(a_look(subject=name))
    audit.fault = None
    entering.enter(a_look(subject="d"))
    told = [one.reason for one in audit.entered if one.what == AuditedLook.MISSED]
    assert len(told) == 1
    assert told[0].startswith("2 consultations")


def test_what_is_noted_while_the_writer_is_busy_goes_together(audit, entering, monkeypatch):
    monkeypatch.setattr(looks, "MOST_AT_ONCE", 3)
    audit.hangs = True
    for name in "abcdef":
        entering.enter(a_look(subject=name))
    assert audit.batches == [1]
    # It waits for the writer only, which is no fault.
    assert not entering.unentered()
    audit.hangs = False
    audit.unanswered[0].set_result(None)
    assert audit.batches == [1, 3, 2]
    assert subjects(audit) == list("bcdef")


def test_nobody_waits_for_an_entry(store):
    """The writer is held up: what looks is shown all the same, and is entered when the writer goes on."""
    held, go_on = threading.Event(), threading.Event()

    def hold_up(transaction) -> None:
        held.set()
        go_on.wait(10)

    holding = store.engine.writer.submit_act(hold_up)
    held.wait(10)
    entering = Entering(store, store.engine.clock)
    for name in "ab":
        entering.enter(a_look(subject=name))
    assert store.audit.entries() == []
    go_on.set()
    holding.result()
    store.audit.note(a_look(subject="c")).result()
    settled(store)
    assert sorted(one.note.subject for one in store.audit.entries()) == ["a", "b", "c"]
    assert store.audit.verify() == []


def test_a_store_that_closes_loses_nothing_that_was_noted_before(tmp_path):
    folder = tmp_path / "store"
    store = DuckDBStore(folder, a_clock())
    entering = Entering(store, store.engine.clock)
    for number in range(1_000):
        entering.enter(a_look(subject=str(number)))
    entering.finish(20)
    store.close()
    again = DuckDBStore(folder, a_clock())
    assert again.audit.head().number == 1_000
    assert again.audit.verify() == []
    again.close()


def test_a_store_that_can_enter_nothing_holds_up_no_stop(audit, entering):
    audit.fault = StoreError("The disk is full.")
    entering.enter(a_look())
    entering.finish(60)
    assert entering.unentered().waiting == 1


# --- What the pages enter ------------------------------------------------------------------------------------------


def settled(store) -> None:
    """Once all that was noted is entered: what came while others were under way is handed over after them."""
    for _ in range(3):
        store.engine.writer.submit_act(lambda transaction: None, shows=lambda _: False).result()


def looked(store, who: Somebody = DUTY) -> list[tuple[str, str | None, str | None]]:
    """What, of what and what else, the first first; once all that was handed over is entered."""
    settled(store)
    entries = store.audit.entries(AuditFilter(who=who.id, kind=AuditKind.CONSULTATION))
    return [(one.note.what, one.note.subject, one.note.reason) for one in reversed(entries)]


def context(incident, **more):
    return {"incident": incident.id, "as_of": None, **more}


def open_rumour(app, incident, who: Somebody = DUTY, name: str = DAM, as_of: str | None = None):
    about = {**context(incident, rumour=name), "as_of": as_of}
    return call(
        app,
        "rumour-posts.children",
        [("rumour-context.data", about), ("rumour-show.n_clicks", None), ("rumour-acted.data", None)],
        [],
        "rumour-context.data",
        officer=who,
    )


def test_who_opens_a_rumour_is_entered_with_role_service_and_time(store, incident):
    app = an_app(store)
    open_rumour(app, incident)
    assert looked(store) == [("look-at-rumour", DAM, None)]
    (entry,) = store.audit.entries(AuditFilter(who=DUTY.id, kind=AuditKind.CONSULTATION))
    assert (entry.note.officer, entry.note.incident) == (DUTY.officer, incident.id)
    assert entry.note.at is not None


def test_a_rumour_that_is_not_on_the_board_shows_no_posts_and_enters_nothing(store, incident):
    open_rumour(an_app(store), incident, name="no rumour")
    assert looked(store) == []


def test_a_look_into_the_past_is_entered_as_one(store, incident):
    store.engine.clock.advance_to(store.last_known_at() + timedelta(minutes=5))
    app = an_app(store)
    for minutes in (1, 2):
        open_rumour(app, incident, as_of=(store.engine.clock.now() - timedelta(minutes=minutes)).isoformat())
    open_rumour(app, incident)
    (first, *others) = looked(store)
    assert first[:2] == ("look-at-rumour", DAM)
    assert first[2].startswith("as known at 20 Nov 2026, 12:")
    assert others == [("look-at-rumour", DAM, None)]


def choose(app, incident, name: str, who: Somebody = DUTY, trigger: str = board.CHOSEN):
    return call(
        app,
        "detail-head.children",
        [(f"{board.CHOSEN}.data", name), (f"{board.CHOSEN_CHANGED}.data", "1")],
        [(f"{board.CONTEXT}.data", context(incident))],
        f"{trigger}.data",
        officer=who,
    )


def test_a_rumour_that_is_chosen_on_the_board_is_looked_at_and_its_page_then_is_the_same_look(store, incident):
    app = an_app(store)
    choose(app, incident, DAM)
    choose(app, incident, DAM, trigger=board.CHOSEN_CHANGED)
    open_rumour(app, incident)
    assert looked(store) == [("look-at-rumour", DAM, None)]


def test_what_draws_a_page_again_enters_it_where_nobody_opened_it(store, incident):
    app = an_app(store)
    call(
        app,
        f"{rumour.HEAD}.children",
        [(f"{rumour.CHANGED}.data", None), (f"{rumour.DRAWN}.data", None)],
        [(f"{rumour.CONTEXT}.data", context(incident, rumour=DAM))],
        f"{rumour.DRAWN}.data",
    )
    assert looked(store) == [("look-at-rumour", DAM, None)]


@pytest.mark.parametrize(
    ("output", "inputs", "state", "expected"),
    [
        (
            "bubbles-data.data",
            ["bubbles-tick.n_intervals", "bubbles-acted.data"],
            {"rumour": None},
            ("look-at-bubbles", None, None),
        ),
        (
            "bubbles-data.data",
            ["bubbles-tick.n_intervals", "bubbles-acted.data"],
            {"rumour": DAM},
            ("look-at-rumour", DAM, None),
        ),
    ],
)
def test_the_bubbles_of_a_rumour_or_an_incident_are_entered(store, incident, output, inputs, state, expected):
    given = [(name, None) for name in inputs]
    about = ("bubbles-context.data", context(incident, **state))
    call(an_app(store), output, [*given, about], [], "bubbles-context.data")
    assert looked(store) == [expected]


def test_bubbles_of_what_is_no_rumour_enter_nothing(store, incident):
    """Nor what a browser calls it: any words could be put into the audit so."""
    given = [("bubbles-tick.n_intervals", None), ("bubbles-acted.data", None)]
    about = ("bubbles-context.data", context(incident, rumour="no rumour"))
    call(an_app(store), "bubbles-data.data", [*given, about], [], "bubbles-context.data")
    assert looked(store) == []


def test_the_story_of_an_incident_is_entered(store, incident):
    call(
        an_app(store),
        "story-list.children",
        [("story-changed.data", None), ("story-acted.data", None), ("story-kinds.value", [])],
        [("story-context.data", context(incident))],
        "story-kinds.value",
    )
    assert looked(store) == [("look-at-story", None, None)]


def test_what_is_searched_for_on_the_board_is_entered_by_its_words(store, incident, monkeypatch):
    monkeypatch.setattr(looks, "SETTLED_SECONDS", 0.0)
    app = an_app(store)
    filters = [
        ("board-tabs.value", "open"),
        ("board-rank.value", "fastest"),
        ("board-window.value", "all"),
        ("board-words.value", "  dam "),
    ]
    others = [("board-context.data", context(incident)), ("board-show.n_clicks", None), ("board-fill.data", None)]
    call(
        app,
        "board-grid.rowData",
        [*others, *filters, ("board-chosen-before.data", None)],
        [("board-chosen.data", None)],
        "board-words.value",
    )
    for thread in [one for one in threading.enumerate() if isinstance(one, threading.Timer)]:
        thread.join(10)
    assert looked(store) == [("search-board", None, "dam")]


def test_a_store_that_can_enter_nothing_shows_its_pages_and_counts(store, incident, monkeypatch):
    app = an_app(store)
    monkeypatch.setattr(store.audit, "note_all", lambda notes: (_ for _ in ()).throw(StoreError("The disk is full.")))
    assert open_rumour(app, incident)["rumour-posts"]["children"]
    monkeypatch.undo()
    open_rumour(app, incident, COMMS)
    assert looked(store) == [("look-at-rumour", DAM, None)]
    assert looked(store, COMMS) == [("look-at-rumour", DAM, None)]
