"""Acts through the callbacks as a browser would send them: what is checked is checked by the server."""

from concurrent.futures import Future

import pytest

from dashboard.access import MAY, Role, SystemAct, check, officer_from
from dashboard.components import correction_form
from models.domain import Act, Officer, State, Verdict
from models.errors import Refused, StoreError
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, DUTY, an_app, call, judge, opened

FORM = {
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


def decide(app, incident, *, act="take", reason="checking", officer=DUTY, name="one"):
    request = {"act": act, "request": name, "incident": incident.id, "rumour": "dam", "claim": "The dam has burst"}
    return call(
        app,
        "acted.data...announce.children",
        [("reason-confirm.n_clicks", 1), ("reason-text.n_submit", None)],
        [("act-request.data", request), ("reason-text.value", reason), ("officer.data", officer)],
        "reason-confirm.n_clicks",
    )


def log(app, incident, *, officer=DUTY, name="one", **changes):
    request = {"request": name, "incident": incident.id, "rumour": "dam", "claim": "The dam has burst"}
    values = [(f"{name}.value", {**FORM, **changes}[field]) for field, name in correction_form.FIELDS.items()]
    return call(
        app,
        "correction-errors.children...correction-verdict.error...",
        [("correction-save.n_clicks", 1)],
        [("drawer.data", request), ("officer.data", officer), *values],
        "correction-save.n_clicks",
    )


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
    assert "Ask a comms officer or a duty officer" in answer["reason-problem"]["children"]


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
        Verdict.FALSE,
        "The dam is intact.",
        NOON,
    )
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
    assert log(app, incident, review_by="20 Nov 2026, 11:00")["correction-review"]["error"]


def test_an_act_that_is_sent_twice_is_logged_once(app, store, incident):
    first, second = decide(app, incident), decide(app, incident)
    assert len(store.decisions(incident.id)) == 1
    assert second["acted"]["data"]["number"] == first["acted"]["data"]["number"]
    assert second["reason-dialog"]["opened"] is False


def test_a_text_that_the_log_tidies_is_not_taken_for_another(app, incident):
    assert decide(app, incident, reason=" checking\u200b \x07 it ")["announce"]["children"].startswith("Logged: ")
    tidied = log(app, incident, wording="It  is\x07 so.\r\n", channel="Force\u200baccount ", name="two")
    assert tidied["drawer"]["data"] is None


def test_a_request_that_took_a_rumour_does_not_correct_it_too(app, store, incident):
    decide(app, incident, name="one")
    assert "another act" in str(log(app, incident, name="one")["correction-errors"]["children"])
    assert store.corrections(incident.id) == []


def test_an_act_done_again_in_a_new_dialog_is_logged_again(app, store, incident):
    decide(app, incident, name="one")
    decide(app, incident, name="two")
    assert len(store.decisions(incident.id)) == 2


def test_a_retry_with_another_reason_tells_which_reason_stands_in_the_log(app, store, incident):
    decide(app, incident, reason="checking")
    assert decide(app, incident, reason="something else")["announce"]["children"].endswith("this reason: checking")
    assert len(store.decisions(incident.id)) == 1


def test_a_correction_that_is_sent_twice_is_logged_once(app, store, incident):
    log(app, incident)
    assert log(app, incident)["drawer"]["data"] is None
    assert len(store.corrections(incident.id)) == 1


def test_a_retry_with_other_words_is_not_taken_for_logged(app, store, incident):
    log(app, incident)
    again = log(app, incident, wording="The dam is being repaired.")["drawer"]["data"]
    assert len(store.corrections(incident.id)) == 1
    assert "other words" in again["note"]
    log(app, incident, wording="The dam is being repaired.", name=again["request"])
    assert len(store.corrections(incident.id)) == 2


def test_every_answer_names_its_button_and_differs_from_the_last(app, incident):
    answers = [decide(app, incident), decide(app, incident, reason=""), decide(app, incident, officer=None)]
    told = [answer["answer"]["data"] for answer in answers]
    assert {one["button"] for one in told} == {"reason-confirm"}
    assert len({one["number"] for one in told}) == 3
    assert log(app, incident, wording="")["answer"]["data"]["button"] == "correction-save"


def test_no_button_waits_for_dash_to_be_enabled_again(app):
    assert [name for name, one in app.callback_map.items() if one.get("running")] == []


@pytest.mark.parametrize("act", [None, "", "fly", ["take"], 5, "correct"])
def test_what_is_no_act_of_this_dialog_is_refused(app, store, incident, act):
    assert "no such act" in decide(app, incident, act=act)["reason-problem"]["children"]
    assert store.decisions(incident.id) == []


@pytest.mark.parametrize(
    "request_sent",
    [
        None,
        [],
        "x",
        5,
        {},
        {"act": "take"},
        {"act": "take", "incident": ["i"]},
        {"act": "take", "incident": "nowhere", "rumour": {}},
    ],
)
def test_a_request_made_by_hand_is_answered_with_a_problem(app, store, incident, request_sent):
    answer = call(
        app,
        "acted.data...announce.children",
        [("reason-confirm.n_clicks", 1), ("reason-text.n_submit", None)],
        [("act-request.data", request_sent), ("reason-text.value", "why"), ("officer.data", DUTY)],
        "reason-confirm.n_clicks",
    )
    assert answer["reason-problem"]["children"]
    assert store.decisions(incident.id) == []


@pytest.mark.parametrize("officer", [["duty"], {"name": "X", "role": ["duty"]}, {"name": ["X"], "role": "duty"}, 5])
def test_a_role_or_name_that_is_no_text_is_refused(app, store, incident, officer):
    assert decide(app, incident, officer=officer)["reason-problem"]["children"]
    assert store.decisions(incident.id) == []


def test_fields_that_hold_no_text_count_as_empty(app, store, incident):
    answer = log(app, incident, wording=5, verdict=["false"], channel={}, issued_at=[], evidence_url=7)
    beside = {name for name in correction_form.FIELDS.values() if answer[name]["error"]}
    assert beside == {"correction-verdict", "correction-wording", "correction-channel", "correction-issued"}
    assert store.corrections(incident.id) == []


def test_a_rumour_that_is_not_on_the_board_is_refused(app, store, incident):
    request = {"act": "take", "incident": incident.id, "rumour": "unheard of", "claim": "x"}
    answer = call(
        app,
        "acted.data...announce.children",
        [("reason-confirm.n_clicks", 1), ("reason-text.n_submit", None)],
        [("act-request.data", request), ("reason-text.value", "why"), ("officer.data", DUTY)],
        "reason-confirm.n_clicks",
    )
    assert answer["reason-problem"]["children"]
    assert store.decisions(incident.id) == []


@pytest.fixture
def failing(store, monkeypatch):
    def with_what(failure):
        def act(*given, **more):
            future = Future()
            if failure is not None:
                future.set_exception(failure)
            return future

        monkeypatch.setattr(store, "decide", act)
        monkeypatch.setattr(store, "record_correction", act)

    return with_what


@pytest.mark.parametrize("failure", [StoreError("TransactionContext Error: secret.duckdb"), ValueError("secret")])
def test_a_failure_inside_is_told_without_its_text(app, incident, failing, caplog, failure):
    failing(failure)
    acted, corrected = decide(app, incident), log(app, incident)
    for told in (acted["reason-problem"]["children"], corrected["correction-note"]["children"]):
        assert told.startswith("Not logged: ")
        assert "tell the administrator" in told
    assert "drawer" not in corrected
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert "secret" not in str(acted) + str(corrected) + caplog.text


def test_an_act_that_takes_too_long_is_neither_called_logged_nor_lost(app, incident, failing, monkeypatch):
    monkeypatch.setattr("dashboard.browser_input.ACT_SECONDS", 0.01)
    failing(None)
    assert decide(app, incident)["reason-problem"]["children"].startswith("Not confirmed yet: ")
    assert log(app, incident)["correction-note"]["children"].startswith("Not confirmed yet: ")


def test_every_act_has_a_rule_and_no_reading_role_may_act():
    assert set(MAY) == {*Act, *SystemAct}
    for act in Act:
        for role in (Role.ANALYST, Role.ADMINISTRATOR):
            with pytest.raises(Refused, match="Ask a"):
                check(Officer("A", role.value), act)


def test_a_name_is_trimmed():
    assert officer_from({"name": "  J.   Officer ", "role": "duty"}) == Officer("J. Officer", "duty")
