"""The panel that asks whether another rumour is the same claim, and the answer that it is not."""

from datetime import timedelta

import pytest

from dashboard.forms import rearrange, refuse
from dashboard.views.rumour import read_rumour
from dashboard.words import same_claim as words
from models.domain.acts import Act
from models.store.messages import Judgement, Suggestion, SuggestionReason
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, DUTY, an_app, answer_of, call, judge, opened, problems_of, send

REASON = SuggestionReason("d1", (1, 3), same_link=False, other_number=False, since=NOON, people=(9, 14))


@pytest.fixture
def incident(store):
    """Two rumours on the board, "bridge" and "dam", and one that is not, which may all be the same claim."""
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", id="d1")])
    judge(store, incident, [a_post("The bridge is closed", id="b1")], rumour="bridge")
    judge(store, incident, [a_post("The gas is off", id="g1")], rumour="gas", surfaced=False)
    suggest(store, incident, Suggestion("bridge", "dam", 0.62, REASON), Suggestion("dam", "gas", 0.9, REASON))
    return incident


@pytest.fixture
def app(store):
    return an_app(store)


def suggest(store, incident, *suggestions):
    number, upto = store.acts.constraints(incident.id).number, store.judgement.upto(incident.id)
    store.judgement.save(Judgement(incident.id, upto, [], (), number, suggestions=suggestions)).result()


def shown(app, incident, rumour="dam"):
    """The panel of a rumour's page."""
    drawn = call(
        app,
        "rumour-same-claim.children",
        [("rumour-changed.data", 1), ("rumour-drawn.data", None)],
        [("rumour-context.data", {"incident": incident.id, "rumour": rumour})],
        "rumour-changed.data",
    )
    return str(drawn["rumour-same-claim"]["children"])


def refusal(app, incident, *, reason="two places", officer=DUTY, other="bridge"):
    about = {"incident": incident.id, "rumour": "dam", "claim": "The bridge is closed", "other": other}
    return send(app, refuse.FORM, {"reason": reason}, about, officer=officer)


def test_the_page_asks_of_rumours_on_the_board_only_and_says_why(app, store, incident):
    (one,) = read_rumour(store, incident.id, "dam", NOON).same_claim
    assert (one.rumour, one.claim, one.shared_words) == ("bridge", "The bridge is closed", ("dam", "burst"))
    assert words.because(one, NOON) == (
        "alike in words: dam, burst; both since 12:00; 14 and 9 people; probability 0.62"
    )
    page = shown(app, incident)
    assert "alike in words: dam, burst" in page
    assert "The gas is off" not in page


def test_people_are_named_from_where_the_reader_stands(store, incident):
    (one,) = read_rumour(store, incident.id, "bridge", NOON).same_claim
    assert (one.people_here, one.people_there) == (9, 14)


def test_what_may_differ_and_what_is_shared_is_named_without_words(store, incident):
    reason = SuggestionReason(None, (), same_link=True, other_number=True, since=NOON, people=(9, 14))
    suggest(store, incident, Suggestion("bridge", "dam", 0.62, reason))
    (one,) = read_rumour(store, incident.id, "dam", NOON).same_claim
    assert words.because(one, NOON).startswith("alike in meaning; they share a link; but their numbers differ; both")


def test_a_moment_before_shows_nothing(store, incident):
    page = read_rumour(store, incident.id, "dam", NOON, as_of=NOON - timedelta(hours=1))
    assert page is None or page.same_claim == ()


def test_the_buttons_open_the_merge_for_that_rumour_and_the_refusal(app, incident):
    page = shown(app, incident)
    assert rearrange.FORM.name in page
    assert '{"act": "merge", "into": "bridge"}' in page
    assert "'data-other': 'bridge'" in page


def test_a_refusal_is_logged_and_the_question_is_gone_from_both_pages(app, store, incident):
    sent = refusal(app, incident)
    assert answer_of(sent, refuse.FORM)["saved"]
    (decision,) = store.acts.decisions(incident.id)
    assert (decision.act, decision.rumour, decision.into) == (Act.REFUSE, "dam", "bridge")
    for rumour, other in (("dam", "bridge is closed"), ("bridge", "dam has burst")):
        page = read_rumour(store, incident.id, rumour, NOON)
        assert page.same_claim == ()
        (one,) = page.rearranged
        assert other in (one.claim if one.into == rumour else one.into_claim)


def test_an_undone_refusal_asks_again(app, store, incident):
    refusal(app, incident)
    sent = send(app, rearrange.UNDO, {}, {"incident": incident.id, "number": "1"}, officer=DUTY)
    assert answer_of(sent, rearrange.UNDO)["saved"]
    assert len(read_rumour(store, incident.id, "dam", NOON).same_claim) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": " "}, "reason"), ({"officer": ANALYST}, "role"), ({"other": "nowhere"}, "other")],
)
def test_what_is_not_in_order_is_refused_by_field(app, store, incident, changes, field):
    assert field in problems_of(refusal(app, incident, **changes), refuse.FORM)
    assert store.acts.decisions(incident.id) == []
