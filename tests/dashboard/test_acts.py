"""Acts through the callbacks as a browser would send them: what is checked is checked by the server."""

import pytest

from dashboard.access import MAY, Role, check, officer_from
from dashboard.components import correction_form
from models.domain import Act, Officer, State, Verdict
from models.errors import Refused
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, DUTY, an_app, call, judge, opened

FORM = {
    "verdict": "false", "wording": "The dam is intact.", "channel": "Force account",
    "authority": "Environment Agency", "evidence_url": "", "issued_at": "12:00", "review_by": "",
}  # fmt: skip


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    return incident


@pytest.fixture
def app(store):
    return an_app(store)


def decide(app, incident, *, act="take", reason="checking", officer=DUTY):
    request = {"act": act, "incident": incident.id, "rumour": "dam", "claim": "The dam has burst"}
    return call(
        app, "acted.data...announce.children",
        [("reason-confirm.n_clicks", 1), ("reason-text.n_submit", None)],
        [("act-request.data", request), ("reason-text.value", reason), ("officer.data", officer)],
        "reason-confirm.n_clicks",
    )  # fmt: skip


def log(app, incident, *, officer=DUTY, **changes):
    request = {"incident": incident.id, "rumour": "dam", "claim": "The dam has burst"}
    values = [(f"{name}.value", {**FORM, **changes}[field]) for field, name in correction_form.FIELDS.items()]
    return call(
        app, "correction-errors.children...correction-verdict.error...",
        [("correction-save.n_clicks", 1)],
        [("drawer.data", request), ("officer.data", officer), *values],
        "correction-save.n_clicks",
    )  # fmt: skip


def test_an_act_is_logged_with_who_and_why(app, store, incident):
    answer = decide(app, incident)
    (decision,) = store.decisions(incident.id)
    assert (decision.act, decision.officer, decision.reason) == (Act.TAKE, Officer("J. Officer", "duty"), "checking")
    assert answer["reason-dialog"]["opened"] is False
    assert "Logged" in answer["announce"]["children"]


def test_an_act_without_a_reason_is_not_logged_and_says_why(app, store, incident):
    answer = decide(app, incident, reason="  ")
    assert store.decisions(incident.id) == []
    assert "Say why" in answer["reason-problem"]["children"]


@pytest.mark.parametrize("act", ["take", "park", "dismiss", "close", "reopen"])
def test_a_role_that_may_not_act_is_refused_by_the_server(app, store, incident, act):
    answer = decide(app, incident, act=act, officer=ANALYST)
    assert store.decisions(incident.id) == []
    assert "Ask a comms officer or duty officer" in answer["reason-problem"]["children"]


@pytest.mark.parametrize("officer", [None, {}, {"name": "X", "role": "chief"}, {"name": " ", "role": "duty"}, "duty"])
def test_whoever_does_not_say_who_they_are_is_refused(app, store, incident, officer):
    decide(app, incident, officer=officer)
    log(app, incident, officer=officer)
    assert store.decisions(incident.id) == []
    assert store.corrections(incident.id) == []


def test_a_correction_is_logged_as_given_and_closes_the_drawer(app, store, incident):
    answer = log(app, incident)
    (correction,) = store.corrections(incident.id)
    assert (correction.verdict, correction.wording, correction.issued_at) == (
        Verdict.FALSE, "The dam is intact.", NOON,
    )  # fmt: skip
    assert (correction.approved_by, correction.review_by, correction.evidence_url) == (None, None, None)
    assert answer["drawer"]["data"] is None
    assert store.decisions(incident.id)[0].state is State.ANSWERED


def test_a_role_that_may_not_correct_is_refused_by_the_server(app, store, incident):
    answer = log(app, incident, officer=ANALYST)
    assert store.corrections(incident.id) == []
    assert "cannot do this" in str(answer["correction-errors"]["children"])


def test_every_problem_is_named_at_once_at_the_top_and_beside_its_field(app, store, incident):
    answer = log(app, incident, verdict=None, wording="", issued_at="soon", evidence_url="ftp://x")
    assert store.corrections(incident.id) == []
    beside = {name for name in correction_form.FIELDS.values() if answer[name]["error"]}
    assert beside == {"correction-verdict", "correction-wording", "correction-issued", "correction-evidence"}
    assert all(f"#{name}" in str(answer["correction-errors"]["children"]) for name in beside)


def test_a_correction_given_in_the_future_is_refused(app, store, incident):
    assert log(app, incident, issued_at="23:00")["correction-issued"]["error"]
    assert store.corrections(incident.id) == []


def test_a_review_before_the_issue_is_refused(app, store, incident):
    assert log(app, incident, review_by="11:00")["correction-review"]["error"]


def test_every_act_has_a_rule_and_no_reading_role_may_act():
    assert set(MAY) == set(Act)
    for act in Act:
        for role in (Role.ANALYST, Role.ADMINISTRATOR):
            with pytest.raises(Refused, match="Ask a"):
                check(Officer("A", role.value), act)


def test_a_name_is_trimmed_and_bounded():
    assert officer_from({"name": "  J.   Officer ", "role": "duty"}) == Officer("J. Officer", "duty")
    with pytest.raises(Refused, match="Shorten your name"):
        officer_from({"name": "x" * 81, "role": "duty"})
