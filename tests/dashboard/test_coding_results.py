"""What came of a round of coding, as the desk and the review show it."""

import pytest

from dashboard.components.coding_results import results
from dashboard.pages.coding import newest_result
from dashboard.services import Moment
from dashboard.views.coding import RoundResult, read_results
from dashboard.words import coding as words
from models.domain.rumours import Stance
from models.measures.agreement import Agreement
from models.measures.model_error import Share, TooFew
from tests.builders import NOON, a_post
from tests.contracts.a_round import ADJUDICATOR, CODERS, finish_all, start
from tests.dashboard.world import an_app, call, drawn, judge, opened

ONE, TWO, _ = CODERS
FLOWS = tuple(f"test:f{number}" for number in range(40))


@pytest.fixture
def incident(store):
    made = opened(store)
    judge(store, made, [a_post(id=flow) for flow in FLOWS])
    return made


def coded(store, incident, first: str, second: str) -> str:
    round_id = start(store, incident.id, *FLOWS[: len(first)], coders=2, claim=FLOWS[0])
    finish_all(store, incident.id, round_id, {ONE: first, TWO: second})
    return round_id


def result(store, incident) -> RoundResult:
    return read_results(store, incident.id)[0]


def test_every_flow_of_a_round_is_accounted_for(store, incident):
    coded(store, incident, "sssdd-", "sssds-")
    found = result(store, incident)
    assert (found.agreed, found.adjudicated, found.waiting, found.open) == (4, 0, 1, 1)
    assert words.made_up(found) == (
        "6 flows of 6, coded by Coder 1, Coder 2: 4 agreed, 0 settled by an analyst, 1 waiting to be settled, "
        "1 left open for want of two labels."
    )


def test_the_models_share_waits_until_what_people_differ_on_is_settled(store, incident):
    round_id = coded(store, incident, "s" * 39 + "d", "s" * 40)
    assert words.model_line(result(store, incident)) == (
        "How often the model agrees with people is not known yet: "
        "1 flow on which people differ must be settled first."
    )
    store.codings.settle(incident.id, round_id, FLOWS[39], Stance.DENY, ADJUDICATOR).result()
    found = result(store, incident)
    assert words.model_line(found).startswith("On 40 coded flows the model agrees with people on 98% (")
    assert found.model.estimate == pytest.approx(39 / 40)
    assert found.recalls[Stance.DENY] == TooFew(1, 10)


def test_few_flows_are_counted_and_are_no_figure(store, incident):
    coded(store, incident, "s" * 12, "s" * 12)
    assert words.model_line(result(store, incident)) == (
        "How often the model agrees with people is not known yet: 12 coded flows, 30 are needed."
    )


def test_an_alpha_that_is_undefined_is_shown_as_such(store, incident):
    coded(store, incident, "s" * 12, "s" * 12)
    assert words.alpha_line(result(store, incident).alpha) == (
        "How far people agree is undefined, on 12 flows with two labels or more."
    )
    shown = call(
        an_app(store),
        "coding-results.children",
        [("coding-results-changed.data", None)],
        [("coding-context.data", {"incident": incident.id})],
        "coding-results-changed.data",
    )
    assert words.UNDEFINED in str(shown)


def test_the_review_says_what_the_newest_coded_round_shows_as_known_then(store, incident):
    services = type("Services", (), {"store": store})
    assert newest_result(services, incident.id, Moment(NOON)) == ""
    coded(store, incident, "s" * 40, "s" * 40)
    now = store.last_known_at()
    assert newest_result(services, incident.id, Moment(now)).startswith("On 40 coded flows the model agrees")
    assert newest_result(services, incident.id, Moment(NOON, NOON)) == ""


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Share(0.714, 0.638, 0.766, 200), "71% (64 to 77%)"),
        (TooFew(9, 10), "too few: 9 coded flows, 10 are needed"),
        (TooFew(1, 2, Stance.DENY), "too few: 1 coded flow to which the model says deny, 2 are needed"),
        (None, "not known yet"),
    ],
)
def test_a_share_is_never_without_its_interval(found, said):
    assert words.recall(found) == said


@pytest.mark.parametrize(("alpha", "said"), [(0.714, "0.71"), (-0.05, "-0.05"), (None, "undefined")])
def test_alpha_in_two_decimals(alpha, said):
    assert words.alpha(Agreement(alpha, 12, 24)) == said


def test_drawn_results_have_a_row_a_stance_and_one_for_all(store, incident):
    coded(store, incident, "sdqc", "sdqc")
    rows = [
        one for part in results(read_results(store, incident.id)) for one in drawn(part) if type(one).__name__ == "Tr"
    ]
    assert len(rows) == 1 + len(Stance) + 1
