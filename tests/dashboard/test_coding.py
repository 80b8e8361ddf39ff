"""The coding desk's server side: who gets what to see, who may do what, and what a browser may send."""

from datetime import timedelta
from typing import Any

import pytest

from dashboard.forms import coding
from dashboard.pages import coding as page
from dashboard.words import coding as coding_words
from models.domain.acts import Officer
from models.domain.rumours import Stance
from models.domain.users import Role
from tests.builders import NOON, a_post
from tests.contracts.a_round import ADJUDICATOR, CODERS, a_draft, code_all, finish_all, start
from tests.dashboard.world import (
    ADMINISTRATOR,
    ANALYST,
    COMMS,
    DUTY,
    Somebody,
    an_app,
    answer_of,
    call,
    judge,
    opened,
    problems_of,
    send,
)

ONE, TWO, _ = CODERS


@pytest.fixture
def incident(store):
    made = opened(store)
    judge(
        store,
        made,
        [a_post(f"The dam has burst, flow {name} @jane", id=f"test:{name}") for name in ("d1", "d2", "d3")],
    )
    return made


@pytest.fixture
def app(store, incident):
    return an_app(store)


def desk(app, incident, who: Somebody, as_of: str | None = None) -> dict[str, Any]:
    """What the browser gets of the desk: its frame and what fills it."""
    context = {"incident": incident.id, "as_of": as_of}
    inputs = [(f"{page.DESK_CHANGED}.data", None)]
    return call(app, f"{page.DESK}.children", inputs, [(f"{page.CONTEXT}.data", context)], inputs[0][0], who)


def deck(app, incident, who: Somebody) -> dict[str, Any] | None:
    return desk(app, incident, who)[page.DECK]["data"]


def as_who(officer: Officer) -> Somebody:
    return Somebody(officer.name, Role(officer.role))


def do(app, incident, *acts: dict[str, Any], who: Somebody | None = ANALYST, **message: Any) -> dict[str, Any]:
    """Send acts as `assets/coding.js` would; the answer."""
    coder = who.id if who else ""
    sent = {"number": "1", "incident": incident.id, "coder": coder, "acts": list(acts), **message}
    inputs = [(f"{page.SENT}.data", sent)]
    return call(app, f"{page.ANSWER}.data", inputs, [], inputs[0][0], who).get(page.ANSWER, {}).get("data")


def act(
    kind: str, round_id: str, flow: str | None = None, label: Any = None, request: str = "one", **more: Any
) -> dict:
    return {"act": kind, "round": round_id, "flow": flow, "label": label, "request": request, **more}


# --- Blind ---------------------------------------------------------------------------------------------------------


def test_what_a_coder_gets_is_the_same_whatever_the_model_and_others_said(store, app, incident):
    made = start(store, incident.id, "test:d1", "test:d2", "test:d3")
    before = desk(app, incident, ANALYST)
    code_all(store, incident.id, made, {ONE: "sdq", TWO: "qds"})
    store.codings.finish(incident.id, made, ONE).result()
    assert desk(app, incident, ANALYST) == before
    other = opened(store, name="Southgate flood")
    judge(store, other, [a_post(id=f"other:d{n}") for n in (1, 2, 3)], stances=[Stance.DENY] * 3)
    draft = a_draft("other:d1", "other:d2", "other:d3", claim="other:d1")
    store.codings.start(other.id, draft, ADJUDICATOR).result()
    cards = deck(app, other, ANALYST)["cards"]
    assert all(card.keys() == before[page.DECK]["data"]["cards"][0].keys() for card in cards)
    assert all((card["label"], card["done"]) == (None, False) for card in cards)


def test_a_coder_is_asked_to_stay_blind_until_they_have_finished(store, app, incident):
    made = start(store, incident.id, "test:d1")
    assert coding_words.STAY_BLIND in str(desk(app, incident, ANALYST))
    do(app, incident, act("code", made, "test:d1", "deny"), act("finish", made, request="two"))
    assert coding_words.STAY_BLIND not in str(desk(app, incident, ANALYST))


def test_a_coder_gets_own_labels_back(store, app, incident):
    made = start(store, incident.id, "test:d1", "test:d2", "test:d3")
    do(app, incident, act("code", made, "test:d1", "deny"), act("code", made, "test:d2", None, request="two"))
    cards = deck(app, incident, ANALYST)["cards"]
    assert [(card["label"], card["done"]) for card in cards] == [("deny", True), (None, True), (None, False)]


def test_handles_are_masked_on_the_desk(store, app, incident):
    start(store, incident.id, "test:d1")
    (card,) = deck(app, incident, ANALYST)["cards"]
    assert (card["text"], card["claim"]) == ("The dam has burst, flow d1 @…", "The dam has burst, flow d1")


def test_labels_are_shown_to_whom_settles_once_all_have_finished_and_to_no_coder(store, app, incident):
    made = start(store, incident.id, "test:d1", coders=2)
    code_all(store, incident.id, made, {ONE: "s", TWO: "d"})
    assert deck(app, incident, as_who(ADJUDICATOR)) is None
    for coder in (ONE, TWO):
        store.codings.finish(incident.id, made, coder).result()
    shown = deck(app, incident, as_who(ADJUDICATOR))
    assert [card["said"] for card in shown["cards"]] == [
        [["Coder 1", "support", "support"], ["Coder 2", "deny", "deny"]]
    ]
    assert deck(app, incident, as_who(ONE)) is None
    assert deck(app, incident, COMMS) is None


def test_the_past_has_no_desk(store, app, incident):
    start(store, incident.id, "test:d1")
    store.engine.clock.advance_to(NOON + timedelta(minutes=1))
    shown = desk(app, incident, ANALYST, as_of=NOON.isoformat())
    assert shown[page.DECK]["data"] is None


# --- Who may -------------------------------------------------------------------------------------------------------


def start_by_form(app, incident, who, size="10", coders="2", request="start"):
    values = {"size": size, "coders": coders}
    return send(app, coding.START, values, {"incident": incident.id}, officer=who, request=request)


@pytest.mark.parametrize("who", [DUTY, COMMS, ADMINISTRATOR])
def test_only_an_analyst_starts_ends_and_settles(store, app, incident, who):
    assert "role" in problems_of(start_by_form(app, incident, who), coding.START)
    made = start(store, incident.id, "test:d1", coders=2)
    about = {"incident": incident.id, "round": made}
    assert "role" in problems_of(send(app, coding.END, {"reason": "late"}, about, officer=who), coding.END)
    finish_all(store, incident.id, made, {ONE: "s", TWO: "d"})
    answer = do(app, incident, act("settle", made, "test:d1", "deny"), who=who)
    assert "You cannot do this" in answer["problems"]["one"]


@pytest.mark.parametrize(("who", "may"), [(DUTY, True), (COMMS, True), (ANALYST, True), (ADMINISTRATOR, False)])
def test_who_codes(store, app, incident, who, may):
    made = start(store, incident.id, "test:d1")
    answer = do(app, incident, act("code", made, "test:d1", "deny"), who=who)
    assert answer["done"] == (["one"] if may else [])
    assert (deck(app, incident, who) is not None) == may


def test_an_analyst_who_coded_a_flow_does_not_settle_it(store, app, incident):
    made = start(store, incident.id, "test:d1", coders=2)
    finish_all(store, incident.id, made, {ONE: "s", TWO: "d"})
    answer = do(app, incident, act("settle", made, "test:d1", "deny"), who=as_who(ONE))
    assert "Somebody who did not must settle it" in answer["problems"]["one"]


def test_nobody_codes_without_signing_in(store, app, incident):
    made = start(store, incident.id, "test:d1")
    assert do(app, incident, act("code", made, "test:d1", "deny"), who=None) is None
    assert store.codings.rounds(incident.id)[0].coders == ()


def test_what_somebody_coded_is_not_taken_for_anothers_who_signs_in_meanwhile(store, app, incident):
    made = start(store, incident.id, "test:d1")
    answer = do(app, incident, act("code", made, "test:d1", "deny"), who=DUTY, coder="A. Nalyst")
    assert (answer["done"], answer["problems"]) == ([], {})
    assert store.codings.rounds(incident.id)[0].coders == ()


# --- What is sent --------------------------------------------------------------------------------------------------


def test_what_is_sent_twice_is_coded_once(store, app, incident):
    made = start(store, incident.id, "test:d1")
    sent = act("code", made, "test:d1", "deny"), act("code", made, "test:d1", "query", request="two")
    assert do(app, incident, *sent)["done"] == do(app, incident, *sent)["done"] == ["one", "two"]
    (card,) = deck(app, incident, ANALYST)["cards"]
    assert card["label"] == "query"


def test_finishing_says_so(store, app, incident):
    made = start(store, incident.id, "test:d1")
    answer = do(app, incident, act("code", made, "test:d1", "deny"), act("finish", made, request="two"))
    assert (answer["done"], answer["ended"]) == (["one", "two"], True)


@pytest.mark.parametrize(
    "acts",
    [
        None,
        "code",
        [None, 1, "x", []],
        [{"act": "settle"}],
        [{"act": "no such act", "request": "one"}],
        [{"act": "code", "label": "perhaps", "request": "one"}],
        [{"act": "code", "label": {"$ne": 1}, "flow": ["x"], "round": 7, "request": {"x": 1}}],
        [{"act": "finish", "round": "\ud800", "request": "x" * 200}],
    ],
)
def test_whatever_a_browser_sends_changes_nothing_and_breaks_nothing(store, app, incident, acts):
    made = start(store, incident.id, "test:d1")
    assert do(app, incident, acts=acts)["done"] == []
    assert store.codings.desk(incident.id, made, Officer("A. Nalyst", "analyst"))[0].done is False


def test_an_analyst_starts_a_round_by_the_form(store, app, incident):
    judge(store, incident, [a_post(minute=n) for n in range(20)], rumour="more")
    assert answer_of(start_by_form(app, incident, ANALYST, size="12"), coding.START)["saved"]
    (state,) = store.codings.rounds(incident.id)
    assert (state.round.flows, state.round.places) == (12, 2)
    assert "round" in problems_of(start_by_form(app, incident, ANALYST, request="again"), coding.START)


@pytest.mark.parametrize("size", ["", "9", "501", "ten", "-20", "1e2", "９０", "9" * 40])
def test_the_size_of_a_round_is_a_number_within_bounds(app, incident, size):
    assert list(problems_of(start_by_form(app, incident, ANALYST, size=size, coders="7"), coding.START)) == [
        "size",
        "coders",
    ]


def test_a_round_of_an_incident_without_rumours_says_why_there_is_none(store, app):
    quiet = opened(store, name="Quiet day")
    assert "no rumour on the board" in problems_of(start_by_form(app, quiet, ANALYST), coding.START)["size"]
