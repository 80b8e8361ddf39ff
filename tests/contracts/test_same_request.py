"""The same request gives what it made before: every act a person can do, every way of asking again.

An act that joins the protocol fails here until it is in ACTS.
"""

import inspect
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, get_origin, get_type_hints

import pytest

from models.domain.acts import Act, Assignee, Consultation, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.incidents import Incident, Watch
from models.domain.rumours import Stance
from models.domain.sightings import HeardBy, SightingDraft
from models.domain.sources import Permission
from models.domain.users import User, Way
from models.errors import Refused
from models.people.acts import STATE_AFTER
from models.store import Store
from tests.builders import NOON, OFFICER, a_clock, an_import, an_incident
from tests.contracts.a_round import CODERS, a_draft, code_all, start
from tests.contracts.engines import Engine
from tests.contracts.two_rumours import judge, move, with_two_rumours

ANOTHER_OFFICER = Officer("A. Nother", "comms officer")
REQUEST, ANOTHER_REQUEST = "request 1", "request 2"


@dataclass(frozen=True)
class Try:
    """One way of asking for an act. The words of `FIRST` and `NEXT` may both be acted on, one after the other."""

    number: int
    officer: Officer = OFFICER

    @property
    def reason(self) -> str:
        return f"reason {self.number}"


FIRST, NEXT = Try(1), Try(2)
OTHER_WORDS = Try(3, ANOTHER_OFFICER)

Doing = Callable[[Store, str, Try, str | None], Future]


def _decides(act: Act) -> Doing:
    another = Act.PARK if act is Act.TAKE else Act.TAKE

    def does(store: Store, incident: str, words: Try, request: str | None) -> Future:
        which = another if words is OTHER_WORDS else act
        return store.acts.decide(incident, "dam", which, words.officer, words.reason, request)

    return does


def _corrects(store: Store, incident: str, words: Try, request: str | None) -> Future:
    draft = CorrectionDraft("dam", Verdict.FALSE, f"wording {words.number}", "X", "Gold commander", None, NOON)
    return store.acts.correct(incident, draft, words.officer, request)


def _merges(store: Store, incident: str, words: Try, request: str | None) -> Future:
    rumour, into = (("dam", "bridge"), ("wolves", "bridge"), ("bridge", "wolves"))[words.number - 1]
    return store.acts.merge(incident, rumour, into, words.officer, words.reason, request)


def _refuses(store: Store, incident: str, words: Try, request: str | None) -> Future:
    rumour, other = (("dam", "bridge"), ("wolves", "bridge"), ("bridge", "wolves"))[words.number - 1]
    return store.acts.refuse(incident, rumour, other, words.officer, words.reason, request)


def _splits(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.acts.split(incident, "dam", [f"d{words.number}"], words.officer, words.reason, request)


def _moves(store: Store, incident: str, words: Try, request: str | None) -> Future:
    into = "wolves" if words is OTHER_WORDS else "bridge"
    return store.acts.move(incident, "dam", [f"d{words.number}"], into, words.officer, words.reason, request)


def _assigns(store: Store, incident: str, words: Try, request: str | None) -> Future:
    to = Assignee(f"desk {words.number}")
    return store.acts.assign(incident, "dam", to, words.officer, words.reason, request)


def _undoes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.acts.undo(incident, words.number, words.officer, words.reason, request)


def _logs_a_sighting(store: Store, incident: str, words: Try, request: str | None) -> Future:
    draft = SightingDraft(f"text {words.number}", HeardBy.RADIO, NOON, "a constable at the scene")
    return store.acts.log_sighting(incident, draft, words.officer, request)


def _opens(store: Store, incident: str, words: Try, request: str | None) -> Future:
    opened = an_incident(f"flood {words.number}", purpose=f"purpose {words.number}")
    return store.incidents.record(opened, words.officer, words.reason, request)


def _changes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    changed = replace(_stands(store, incident), watch=Watch(terms=(f"reservoir {words.number}",)))
    return store.incidents.record(changed, words.officer, words.reason, request)


def _closes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    closed = replace(_stands(store, incident), closed_at=NOON + timedelta(hours=words.number))
    return store.incidents.record(closed, words.officer, words.reason, request)


def _permits(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.sources.permit(Permission("x", f"agreement {words.number}", words.officer, NOON), request)


def _takes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    taken = Consultation(incident, f"csv {words.number}", "the whole incident", NOON, words.officer, words.reason)
    return store.consultations.record(taken, request)


def _imports(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.imports.begin(an_import(incident, number=words.number, officer=words.officer), request)


def _pins(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.annotations.pin(incident, "d", NOON, f"caption {words.number}", words.officer, request)


def _takes_a_caption_away(store: Store, incident: str, words: Try, request: str | None) -> Future:
    # Each request takes away a caption of its own.
    pinned = request and f"pinned for {request}"
    caption = store.annotations.pin(incident, "d", NOON, "caption", OFFICER, pinned).result()
    return store.annotations.take_away(incident, caption.id, words.officer, request)


def _starts_a_round(store: Store, incident: str, words: Try, request: str | None) -> Future:
    # There is one at a time; another thread may have ended it already.
    with suppress(Refused):
        store.codings.end(incident, _last_round(store, incident), OFFICER, "next").result()
    return store.codings.start(incident, a_draft("d1", "d2", seed=words.number), words.officer, request)


def _codes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    label = list(Stance)[words.number]
    return store.codings.code(incident, _last_round(store, incident), "d1", label, CODERS[0], request)


def _finishes(store: Store, incident: str, words: Try, request: str | None) -> Future:
    return store.codings.finish(incident, _last_round(store, incident), CODERS[words.number - 1], request)


def _ends(store: Store, incident: str, words: Try, request: str | None) -> Future:
    with suppress(Refused):
        store.codings.start(incident, a_draft("d1", "d2"), OFFICER).result()
    return store.codings.end(incident, _last_round(store, incident), words.officer, words.reason, request)


def _settles(store: Store, incident: str, words: Try, request: str | None) -> Future:
    label, first = list(Stance)[words.number], store.codings.rounds(incident)[0].round.id
    return store.codings.settle(incident, first, "d1", label, words.officer, words.reason, request)


def _records_a_user(store: Store, incident: str, words: Try, request: str | None) -> Future:
    user = User("u1", Way.LOCAL, "j.officer", f"J. Officer {words.number}", "Northgate police")
    return store.users.record(user, words.officer, words.reason, request)


def _last_round(store: Store, incident: str) -> str:
    return store.codings.rounds(incident)[-1].round.id


# What the test is called → the method of the store, and how it is asked for.
ACTS: dict[str, tuple[str, Doing]] = {
    **{act.value: ("acts.decide", _decides(act)) for act in STATE_AFTER if act is not Act.CORRECT},
    "correct": ("acts.correct", _corrects),
    "merge": ("acts.merge", _merges),
    "refuse": ("acts.refuse", _refuses),
    "split": ("acts.split", _splits),
    "move": ("acts.move", _moves),
    "undo": ("acts.undo", _undoes),
    "log-sighting": ("acts.log_sighting", _logs_a_sighting),
    "open-incident": ("incidents.record", _opens),
    "change-incident": ("incidents.record", _changes),
    "close-incident": ("incidents.record", _closes),
    "permit-source": ("sources.permit", _permits),
    "assign": ("acts.assign", _assigns),
    "take-something-out": ("consultations.record", _takes),
    "import-a-file": ("imports.begin", _imports),
    "pin-caption": ("annotations.pin", _pins),
    "take-caption-away": ("annotations.take_away", _takes_a_caption_away),
    "start-coding": ("codings.start", _starts_a_round),
    "code": ("codings.code", _codes),
    "finish-coding": ("codings.finish", _finishes),
    "end-coding": ("codings.end", _ends),
    "settle-coding": ("codings.settle", _settles),
    "record-user": ("users.record", _records_a_user),
}
# What is written for no request of a person, or is done once by what it names.
NO_REQUESTS = {
    "incidents.open": "a program opens it, once an id",
    "sources.discard_letter": "a letter is erased once",
    "posts.add": "a source's batch: posts and dead letters are kept once an id",
    "judgement.save": "the pipeline's batch",
    "stances.save": "the pipeline's batch",
    "judgement.replace_vectors": "of flows that another encoder read",
    "imports.end": "how an import ended, once an id",
    "judgement.add_languages": "what was detected of the words of posts",
    "sources.add_health": "what happened to a source",
    "users.set_credential": "the latest counts, and secrets are no act to log",
    "users.use_code": "a code is used once",
    "users.use_set_up": "a link is used once",
    "sessions.start": "a sign-in is recorded once an id",
    "sessions.end": "a session ends once",
    "sessions.end_all": "a session ends once",
    "sessions.end_at_provider": "a session ends once",
    "audit.note": "each look, and each try to sign in, is entered",
    "audit.note_all": "what was noted meanwhile is entered together; each look is one",
}


@pytest.fixture(scope="module")
def prepared(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """On its board "dam" with d1 to d4, "bridge" with b1 and b2, "wolves" with w1 and three that were moved there.

    Of two rounds of coding, one is coded and waits for its difference to be settled, the other goes on.
    """
    folder = tmp_path_factory.mktemp("prepared")
    store = engine.opens(folder, a_clock())
    incident = with_two_rumours(store)
    judge(store, an_incident(), "dam", "d4")
    judge(store, an_incident(), "bridge", "b3", "b4", "b5")
    judge(store, an_incident(), "wolves", "w1")
    for flow in ("b3", "b4", "b5"):
        move(store, incident, flow, rumour="bridge", into="wolves")
    first = start(store, incident, "d1", "d2", coders=2)
    code_all(store, incident, first, {CODERS[0]: "sd", CODERS[1]: "dd"})
    store.codings.end(incident, first, OFFICER, "time is up").result()
    code_all(store, incident, start(store, incident, "d1", "d2"), dict.fromkeys(CODERS, "sd"))
    store.close()
    return folder, incident


@pytest.fixture
def folder(prepared: tuple[Path, str], tmp_path: Path) -> Path:
    """A store like that for each test alone."""
    return shutil.copytree(prepared[0], tmp_path / "store")


@pytest.fixture
def incident(prepared: tuple[Path, str]) -> str:
    return prepared[1]


def same_words(act: Doing, incident: str, store: Store, opening: Callable[[], Store]) -> list[Any]:
    return [act(store, incident, FIRST, REQUEST).result() for _ in range(2)]


def other_words(act: Doing, incident: str, store: Store, opening: Callable[[], Store]) -> list[Any]:
    return [act(store, incident, OTHER_WORDS, REQUEST).result() for _ in range(2)]


def after_a_restart(act: Doing, incident: str, store: Store, opening: Callable[[], Store]) -> list[Any]:
    store = opening()
    return [act(store, incident, words, REQUEST).result() for words in (FIRST, OTHER_WORDS)]


def after_another_request(act: Doing, incident: str, store: Store, opening: Callable[[], Store]) -> list[Any]:
    act(store, incident, NEXT, ANOTHER_REQUEST).result()
    return [act(store, incident, words, REQUEST).result() for words in (FIRST, OTHER_WORDS)]


def in_two_threads(act: Doing, incident: str, store: Store, opening: Callable[[], Store]) -> list[Any]:
    return at_once(act, incident, store, REQUEST)


def at_once(act: Doing, incident: str, store: Store, request: str) -> list[Any]:
    """What two threads are given that ask at the same moment, with different words."""
    start = Barrier(2)

    def ask(words: Try) -> Any:
        start.wait()
        return act(store, incident, words, request).result()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(ask, (FIRST, NEXT)))


WAYS = {
    way.__name__.replace("_", "-"): way
    for way in (same_words, other_words, after_a_restart, after_another_request, in_two_threads)
}
EVERY_ACT = pytest.mark.parametrize("act", [does for _, does in ACTS.values()], ids=list(ACTS))


@pytest.mark.parametrize(
    ("act", "way"),
    [pytest.param(does, way, id=f"{act}-{name}") for act, (_, does) in ACTS.items() for name, way in WAYS.items()],
)
def test_the_same_request(act, way, store, incident, opening, engine: Engine):
    made = act(store, incident, FIRST, REQUEST).result()
    rows = made_by(engine, store, REQUEST)
    assert way(act, incident, store, opening) == [made, made]
    assert made_by(engine, opening(), REQUEST) == rows


@EVERY_ACT
def test_two_first_tries_at_once(act, store, incident, engine: Engine):
    one, other = at_once(act, incident, store, REQUEST)
    assert one == other
    assert {len(rows) for rows in made_by(engine, store, REQUEST).values()} == {1}


@EVERY_ACT
def test_another_request_makes_another_row(act, store, incident, engine: Engine):
    made = act(store, incident, FIRST, REQUEST).result()
    assert act(store, incident, NEXT, ANOTHER_REQUEST).result() != made
    rows, others = (made_by(engine, store, request) for request in (REQUEST, ANOTHER_REQUEST))
    assert rows.keys() == others.keys()
    assert {len(found) for found in (*rows.values(), *others.values())} == {1}


@EVERY_ACT
def test_acts_without_a_request_are_never_the_same(act, store, incident, engine: Engine):
    before = acted(engine, store)
    for words in (FIRST, NEXT):
        act(store, incident, words, None).result()
    assert acted(engine, store) >= before + 2


def test_a_request_belongs_to_its_incident(store, incident):
    elsewhere = store.incidents.open(an_incident("Southgate fire")).result().id
    judge(store, an_incident("Southgate fire"), "dam", "s1", "s2")
    here, there = (
        store.acts.decide(where, "dam", Act.TAKE, OFFICER, "mine", REQUEST).result()
        for where in (incident, elsewhere)
    )
    assert (here.incident, there.incident) == (incident, elsewhere)


def test_every_act_of_the_protocol_is_tried():
    writes = {
        f"{part}.{name}": inspect.signature(method)
        for part, protocol in get_type_hints(Store).items()
        for name, method in inspect.getmembers(protocol, inspect.isfunction)
        if get_origin(inspect.signature(method).return_annotation) is Future
    }
    with_request = {name for name, signature in writes.items() if "request" in signature.parameters}
    assert with_request == {method for method, _ in ACTS.values()}
    assert writes.keys() - with_request == NO_REQUESTS.keys()


def test_everything_that_people_do_to_a_rumour_is_tried():
    assert {act.value for act in Act} <= ACTS.keys()


def made_by(engine: Engine, store: Store, request: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that bear the name of this request, by table."""
    rows = {
        table: engine.looks(store, f"select * from {table} where request = '{request}' order by known_at")
        for table in engine.tables_with(store, "request")
    }
    return {table: found for table, found in rows.items() if found}


def acted(engine: Engine, store: Store) -> int:
    """How many rows people's acts have made."""
    return sum(
        engine.looks(store, f"select count(*) from {table}")[0][0] for table in engine.tables_with(store, "request")
    )


def _stands(store: Store, incident: str) -> Incident:
    return next(one for one in store.incidents.all() if one.id == incident)
