"""Acts through the callbacks as a browser would send them: what is checked is checked by the server."""

from concurrent.futures import Future

import pytest

from dashboard.access import MAY, SystemAct, asserted, check
from dashboard.forms import act, correction
from models.domain.acts import Act, Officer
from models.domain.corrections import Verdict
from models.domain.rumours import State
from models.domain.users import Role
from models.errors import Refused, StoreError
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, DUTY, an_app, answer_of, judge, opened, problems_of, send, send_raw

CORRECTION = {
    "verdict": "false",
    "wording": "The dam is intact.",
    "channel": "Force account",
    "authority": "Environment Agency",
    "evidence_url": "",
    "issued_at": "12:00",
    "review_by": "",
}


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    return incident


@pytest.fixture
def app(store):
    return an_app(store)


def about(incident, **more):
    return {"incident": incident.id, "rumour": "dam", "claim": "The dam has burst", **more}


def decide(app, incident, *, kind="take", reason="checking", officer=DUTY, name="one"):
    return send(app, act.FORM, {"reason": reason}, about(incident, act=kind), officer=officer, request=name)


def log(app, incident, *, officer=DUTY, name="one", **changes):
    values = {**CORRECTION, **changes}
    return send(app, correction.FORM, values, about(incident), officer=officer, request=name)


def saved(sent, form):
    return answer_of(sent, form)["saved"]


def test_an_act_is_logged_with_who_and_why(app, store, incident):
    sent = decide(app, incident)
    (decision,) = store.acts.decisions(incident.id)
    assert (decision.act, decision.officer, decision.reason) == (Act.TAKE, DUTY.officer, "checking")
    assert saved(sent, act.FORM)
    assert sent["acted"]["data"]["number"] == decision.number
    assert sent["announce"]["children"] == "Logged: you took the rumour. Claim: The dam has burst"


def test_an_act_without_a_reason_is_not_logged_and_says_why(app, store, incident):
    sent = decide(app, incident, reason="  ")
    assert store.acts.decisions(incident.id) == []
    assert "Enter a reason" in problems_of(sent, act.FORM)["reason"]


@pytest.mark.parametrize("kind", ["take", "park", "dismiss", "close", "reopen"])
def test_a_role_that_may_not_act_is_refused_by_the_server(app, store, incident, kind):
    sent = decide(app, incident, kind=kind, officer=ANALYST)
    assert store.acts.decisions(incident.id) == []
    assert "Ask a comms officer or a duty officer" in problems_of(sent, act.FORM)["role"]


def test_nothing_is_taken_from_somebody_who_is_not_signed_in(app, store, incident):
    decide(app, incident, officer=None)
    log(app, incident, officer=None)
    assert store.acts.decisions(incident.id) == []
    assert store.acts.corrections(incident.id) == []


def test_a_correction_is_logged_as_given(app, store, incident):
    sent = log(app, incident)
    (logged,) = store.acts.corrections(incident.id)
    assert (logged.verdict, logged.wording, logged.issued_at) == (Verdict.FALSE, "The dam is intact.", NOON)
    assert (logged.approved_by, logged.review_by, logged.evidence_url) == (None, None, None)
    assert saved(sent, correction.FORM)
    assert store.acts.decisions(incident.id)[0].state is State.ANSWERED


def test_a_role_that_may_not_correct_is_refused_by_the_server(app, store, incident):
    assert (
        "You cannot do this as an analyst"
        in problems_of(log(app, incident, officer=ANALYST), correction.FORM)["role"]
    )
    assert store.acts.corrections(incident.id) == []


def test_every_problem_is_named_at_once_in_the_order_of_the_fields(app, store, incident):
    sent = log(app, incident, verdict=None, wording="", issued_at="soon", evidence_url="ftp://x")
    assert store.acts.corrections(incident.id) == []
    assert list(problems_of(sent, correction.FORM)) == ["verdict", "wording", "evidence_url", "issued_at"]


def test_a_correction_given_in_the_future_is_refused(app, store, incident):
    assert "issued_at" in problems_of(log(app, incident, issued_at="23:00"), correction.FORM)
    assert store.acts.corrections(incident.id) == []


def test_a_review_before_the_issue_is_refused(app, store, incident):
    assert "review_by" in problems_of(log(app, incident, review_by="20 Nov 2026, 11:00"), correction.FORM)


def test_an_act_that_is_sent_twice_is_logged_once(app, store, incident):
    first, second = decide(app, incident), decide(app, incident)
    assert len(store.acts.decisions(incident.id)) == 1
    assert second["acted"]["data"]["number"] == first["acted"]["data"]["number"]
    assert saved(second, act.FORM)


def test_a_text_that_the_log_tidies_is_not_taken_for_another(app, incident):
    assert decide(app, incident, reason=" checking\u200b \x07 it ")["announce"]["children"].startswith("Logged: ")
    tidied = log(app, incident, wording="It  is\x07 so.\r\n", channel="Force\u200baccount ", name="two")
    assert saved(tidied, correction.FORM)


def test_a_request_that_took_a_rumour_does_not_correct_it_too(app, store, incident):
    decide(app, incident, name="one")
    assert "another act" in str(problems_of(log(app, incident, name="one"), correction.FORM))
    assert store.acts.corrections(incident.id) == []


def test_an_act_done_again_in_a_new_dialog_is_logged_again(app, store, incident):
    decide(app, incident, name="one")
    decide(app, incident, name="two")
    assert len(store.acts.decisions(incident.id)) == 2


def test_a_retry_with_another_reason_says_which_reason_stands_in_the_log(app, store, incident):
    decide(app, incident, reason="checking")
    again = decide(app, incident, reason="something else")
    assert again["announce"]["children"] == "This was already logged, with an earlier reason: checking"
    assert len(store.acts.decisions(incident.id)) == 1


def test_a_correction_that_is_sent_twice_is_logged_once(app, store, incident):
    log(app, incident)
    assert saved(log(app, incident), correction.FORM)
    assert len(store.acts.corrections(incident.id)) == 1


def test_a_retry_with_other_words_is_not_taken_for_logged(app, store, incident):
    log(app, incident)
    again = answer_of(log(app, incident, wording="The dam is being repaired."), correction.FORM)
    assert len(store.acts.corrections(incident.id)) == 1
    assert not again["saved"]
    assert "already logged" in again["note"]
    log(app, incident, wording="The dam is being repaired.", name=again["again"])
    assert len(store.acts.corrections(incident.id)) == 2


@pytest.mark.parametrize("kind", [None, "", "fly", ["take"], 5, "correct", "merge"])
def test_what_is_no_act_of_this_dialog_is_refused(app, store, incident, kind):
    assert "not available here" in problems_of(decide(app, incident, kind=kind), act.FORM)["act"]
    assert store.acts.decisions(incident.id) == []


@pytest.mark.parametrize(
    "message",
    [
        [],
        "x",
        5,
        {},
        {"about": {"act": "take"}, "values": ["why"]},
        {"about": {"act": "take", "incident": ["i"]}, "values": {"reason": "why"}},
        {"about": {"act": "take", "incident": "nowhere", "rumour": {}}, "values": {"reason": "why"}},
        {"about": 5, "values": 5, "changed": {"reason": 1}, "request": ["one"], "press": {}},
    ],
)
def test_a_message_made_by_hand_is_answered_with_a_problem(app, store, incident, message):
    assert problems_of(send_raw(app, act.FORM, message), act.FORM)
    assert problems_of(send_raw(app, correction.FORM, message), correction.FORM)
    assert store.acts.decisions(incident.id) == []


def test_the_empty_message_of_a_page_that_is_drawn_is_not_answered(app):
    assert send_raw(app, act.FORM, None) == {}


def test_fields_that_hold_no_text_count_as_empty(app, store, incident):
    sent = log(app, incident, wording=5, verdict=["false"], channel={}, issued_at=[], evidence_url=7)
    assert list(problems_of(sent, correction.FORM)) == ["verdict", "wording", "channel", "issued_at"]
    assert store.acts.corrections(incident.id) == []


def test_a_rumour_that_is_not_on_the_board_is_refused(app, store, incident):
    unheard = about(incident, act="take", rumour="unheard of")
    assert problems_of(send(app, act.FORM, {"reason": "why"}, unheard), act.FORM)
    assert store.acts.decisions(incident.id) == []


@pytest.fixture
def failing(store, monkeypatch):
    def with_what(failure):
        def fails(*given, **more):
            future = Future()
            if failure is not None:
                future.set_exception(failure)
            return future

        monkeypatch.setattr(store.acts, "decide", fails)
        monkeypatch.setattr(store.acts, "correct", fails)

    return with_what


@pytest.mark.parametrize("failure", [StoreError("TransactionContext Error: secret.duckdb"), ValueError("secret")])
def test_a_failure_inside_is_told_without_its_text(app, incident, failing, caplog, failure):
    failing(failure)
    sent = decide(app, incident), log(app, incident)
    for answer in (answer_of(sent[0], act.FORM), answer_of(sent[1], correction.FORM)):
        assert answer["note"].startswith("Not logged: ")
        assert "tell the administrator" in answer["note"]
        assert (answer["saved"], answer["known"]) == (False, False)
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert "secret" not in str(sent) + caplog.text


def test_an_act_that_takes_too_long_is_neither_called_logged_nor_lost(app, incident, failing, monkeypatch):
    monkeypatch.setattr("dashboard.browser_input.ACT_SECONDS", 0.01)
    failing(None)
    assert answer_of(decide(app, incident), act.FORM)["note"].startswith("Not confirmed yet: ")
    assert answer_of(log(app, incident), correction.FORM)["note"].startswith("Not confirmed yet: ")


def test_every_act_has_a_rule_and_no_reading_role_may_act():
    assert set(MAY) == {*Act, *SystemAct}
    for each in Act:
        for role in (Role.ANALYST, Role.ADMINISTRATOR):
            with pytest.raises(Refused, match="Ask a"):
                check(Officer("A", role.value), each)


def test_what_a_command_says_of_its_user_is_trimmed():
    assert asserted({"name": "  J.   Officer ", "role": "duty"}) == Officer("J. Officer", "duty")


@pytest.mark.parametrize(
    "sent", [None, {}, "duty", ["duty"], {"name": "X", "role": ["duty"]}, {"name": " ", "role": "duty"}, 5]
)
def test_a_command_of_nobody_is_refused(sent):
    with pytest.raises(Refused):
        asserted(sent)
