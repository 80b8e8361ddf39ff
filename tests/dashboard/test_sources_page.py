"""The sources page: how each source does, in words and figures; who may do what to it is checked by the server."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from dashboard.forms import permission
from dashboard.pages import sources_then
from dashboard.services import Moment
from models.domain.posts import DeadLetter
from models.domain.reading import FileFact, Mark, Passing, Reading, Reason
from models.domain.sources import HealthEvent, HealthKind, SourcePhase, SourceState
from models.store.messages import Arrival
from tests.builders import NOON
from tests.dashboard.world import (
    ADMINISTRATOR,
    ANALYST,
    COMMS,
    DUTY,
    NoSources,
    SomeSources,
    an_app,
    answer_of,
    call,
    problems_of,
    send,
)

HOSTILE = "<script>alert(1)</script>\u202egnp"
RULE = "The developer terms forbid surveillance."


@pytest.fixture
def sources():
    minute = timedelta(minutes=1)
    return SomeSources(
        SourceState(
            "bluesky",
            SourcePhase.READING,
            healthy=True,
            read=1200,
            kept=31,
            dead=2,
            errors=1,
            reconnects=4,
            last_item_at=NOON,
            last_post_at=NOON - 2 * minute,
            per_minute=(0,) * 59 + (7,),
            notice="connected, but nothing for 4 minutes; usual gap 3 s",
        ),
        SourceState("feeds", SourcePhase.FAILING, healthy=False, fault="feeds: the server does not answer."),
        SourceState("x", SourcePhase.NOT_PERMITTED, healthy=False, running=False, restriction=RULE),
    )


@pytest.fixture
def app(store, sources):
    return an_app(store, sources)


def poll(app, *, drawn=None, results=None):
    inputs = [("sources-tick.n_intervals", 1), ("source-results.data", results)]
    return call(app, "sources-table.children", inputs, [("sources-drawn.data", drawn)], "sources-tick.n_intervals")


def table(app, **more):
    return str(poll(app, **more)["sources-table"]["children"])


def press(app, act, source="bluesky", officer=DUTY, letter=None):
    request = {"act": act, "source": source, "letter": letter, "at": 1}
    answer = call(
        app,
        "source-results.data...announce",
        [("source-request.data", request)],
        [],
        "source-request.data",
        officer,
    )
    (operation,) = answer["source-results"]["data"]["operations"]
    return operation["params"]["value"]


def more_on(app, name, drawn=None):
    inputs = [("source-chosen.data", name), ("sources-drawn.data", "x")]
    return call(app, "source-more.hidden", inputs, [("source-more-drawn.data", drawn)], "source-chosen.data")


def a_letter(number=1, source="bluesky"):
    return DeadLetter(source, f"seq {number}", "not JSON", HOSTILE, NOON)


def test_a_row_tells_state_fault_notice_and_counts(app):
    shown = table(app)
    for said in (
        "reading",
        "1,200 items read, 31 kept",
        "usual gap 3 s",
        "the server does not answer.",
        RULE,
        "2 min ago",
        "7 in this minute, 7 in the last 60 minutes",
    ):
        assert said in shown


def test_without_a_source_it_says_how_to_name_one(store):
    assert "Add one to config.toml under [sources]" in table(an_app(store, NoSources()))


def test_gaps_are_counted_and_the_latest_is_told(app, store):
    for since, until in ((60, 50), (30, None)):
        began, ended = NOON - timedelta(minutes=since), until and NOON - timedelta(minutes=until)
        kind = HealthKind.GAP_CLOSED if ended else HealthKind.GAP_OPENED
        store.sources.add_health([HealthEvent("bluesky", kind, NOON, "lost", began, ended)]).result()
    assert "2 gaps, the latest since 11:30" in table(app)
    assert "posts are missing in 40 minutes" in table(app)


def test_while_nothing_changes_nothing_is_sent(app):
    drawn = poll(app)["sources-drawn"]["data"]
    assert "sources-table" not in poll(app, drawn=drawn)
    assert "live" in poll(app, drawn=drawn)


@pytest.mark.parametrize("officer", [DUTY, ADMINISTRATOR])
def test_a_source_is_stopped_started_and_tested(app, sources, officer):
    assert press(app, "stop", officer=officer)["text"].startswith("Stopped")
    assert press(app, "start", officer=officer)["text"] == "Started."
    assert press(app, "test", officer=officer) == {"text": "bluesky answers.", "level": "fine"}
    assert sources.told == [(officer.name, "stopped", "bluesky"), (officer.name, "reading", "bluesky")]


def test_the_result_of_a_test_stands_in_its_row(app):
    assert "bluesky answers." in table(app, results={"bluesky": press(app, "test")})


@pytest.mark.parametrize(
    ("act", "officer"),
    [
        ("stop", ANALYST),
        ("start", COMMS),
        ("test", ANALYST),
        ("replay", DUTY),
        ("discard", DUTY),
        ("fly", DUTY),
        ("permit", ADMINISTRATOR),
        (["stop"], DUTY),
        (None, DUTY),
    ],
)
def test_who_may_not_and_what_is_no_act_is_refused_by_the_server(app, sources, store, act, officer):
    store.posts.add(Arrival(dead_letters=[a_letter()])).result()
    assert press(app, act, officer=officer, letter=a_letter().id)["level"] == "wrong"
    assert sources.told == []
    assert len(store.sources.dead_letters("bluesky", 10)) == 1


def test_an_unknown_source_is_refused(app):
    assert press(app, "stop", source="elsewhere")["level"] == "wrong"


def test_a_failure_inside_is_told_without_its_text(app, sources, monkeypatch, caplog):
    def fails(*given):
        raise ValueError("secret")

    monkeypatch.setattr(sources, "test", fails)
    assert press(app, "test")["level"] == "wrong"
    assert "secret" not in press(app, "test")["text"] + caplog.text


def test_a_dead_letter_is_shown_as_text_that_turns_no_writing(app, store):
    store.posts.add(Arrival(dead_letters=[a_letter(), a_letter(2, "feeds")])).result()
    shown = json.dumps(more_on(app, "bluesky")["source-more-body"]["children"], ensure_ascii=False)
    assert "not JSON" in shown
    assert "<script>" in shown
    assert "\u202e" not in shown
    assert shown.count('"payload"') == 1


def test_an_administrator_replays_and_discards(app, sources, store):
    letter = a_letter()
    store.posts.add(Arrival(dead_letters=[letter])).result()
    assert "it is a post now" in press(app, "replay", officer=ADMINISTRATOR, letter=letter.id)["text"]
    assert sources.told == [("replay", letter.id)]
    assert "discarded" in press(app, "discard", officer=ADMINISTRATOR, letter=letter.id)["text"]
    assert store.sources.dead_letters("bluesky", 10) == []
    assert "no longer exists" in press(app, "discard", officer=ADMINISTRATOR, letter=letter.id)["text"]


def test_more_on_a_source_is_sent_once_while_it_stays_the_same(app):
    first = more_on(app, "bluesky")
    assert first["source-more"]["hidden"] is False
    assert "source-more-body" not in more_on(app, "bluesky", drawn=first["source-more-drawn"]["data"])


@pytest.mark.parametrize("name", [None, "", "elsewhere", 5, ["bluesky"]])
def test_more_on_nothing_known_is_hidden(app, name):
    assert more_on(app, name)["source-more"]["hidden"] is True


def permit(app, reference="Letter of 3 Nov 2026", officer=ADMINISTRATOR, name="x", request="one"):
    values, about = {"reference": reference}, {"source": name}
    return send(app, permission.FORM, values, about, officer=officer, request=request)


def test_only_a_restricted_source_offers_a_permission(app):
    assert more_on(app, "x")["source-permission"]["hidden"] is False
    assert more_on(app, "x")["source-rule"]["children"] == RULE
    assert more_on(app, "bluesky")["source-permission"]["hidden"] is True


def test_a_permission_is_recorded_with_who_and_its_reference(app, store):
    recorded = answer_of(permit(app), permission.FORM)
    one = store.sources.permissions()["x"]
    assert (one.reference, one.recorded_by.name) == ("Letter of 3 Nov 2026", "A. Dmin")
    assert recorded["saved"]
    assert recorded["keep"]["source"] == "x"
    assert "Letter of 3 Nov 2026" in table(app)


def test_a_permission_that_is_sent_again_with_another_reference_says_which_one_stands(app, store):
    permit(app)
    again = answer_of(permit(app, reference="Letter of 4 Nov 2026"), permission.FORM)
    assert again["note"].endswith("this reference: Letter of 3 Nov 2026")
    assert store.sources.permissions()["x"].reference == "Letter of 3 Nov 2026"
    permit(app, reference="Letter of 4 Nov 2026", request=again["again"])
    assert store.sources.permissions()["x"].reference == "Letter of 4 Nov 2026"


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"officer": DUTY}, "role", "Ask an administrator or an information manager"),
        ({"reference": " "}, "reference", "Enter the"),
        ({"reference": 5}, "reference", "Enter the"),
        ({"reference": "x" * 3000}, "reference", "Shorten"),
        ({"name": "bluesky"}, "source", "needs no"),
        ({"name": ["x"]}, "source", "needs no"),
    ],
)
def test_a_permission_that_is_not_in_order_is_refused(app, store, changes, field, why):
    assert why in problems_of(permit(app, **changes), permission.FORM)[field]
    assert store.sources.permissions() == {}


def test_nobody_permits_who_is_not_signed_in(app, store):
    permit(app, officer=None)
    assert store.sources.permissions() == {}


def account_of(app, name):
    inputs = [("source-chosen.data", name), ("sources-tick.n_intervals", 1)]
    return str(call(app, "source-account.children", inputs, [], "source-chosen.data"))


PASSED_900 = {Reason(Passing.NO_TERM): 900}
PASSED = {Reason(Passing.NO_TERM): 900, Reason(Passing.LANGUAGE, "cy"): 250}


def test_a_row_tells_what_was_passed_over_lately_and_why(app, store):
    store.posts.add(Arrival(reading=Reading("bluesky", 1_150, passed_over=PASSED))).result()
    assert "Since 11:00, 1,150 read: 1,150 passed over (no watch term 900, another language: cy 250)" in table(app)


def test_a_source_in_full_accounts_for_all_that_it_brought_by_reason_hour_and_file(app, store):
    letters = [a_letter(n) for n in range(3)]
    reading = Reading("bluesky", 1_153, "day1.csv", PASSED)
    store.posts.add(Arrival(dead_letters=letters, reading=reading)).result()
    shown = account_of(app, "bluesky")
    for said in (
        "1,153 read: 1,150 passed over, 3 dead letters",
        "passed over, another language: cy",
        "dead letters, not JSON",
        "day1.csv",
        "12:00",
    ):
        assert said in shown
    assert "unaccounted" not in shown


def test_an_account_that_does_not_add_up_says_so(app, store):
    store.posts.add(Arrival(reading=Reading("bluesky", 2))).result()
    assert "2 items unaccounted for." in account_of(app, "bluesky")


def test_a_source_that_has_brought_nothing_says_so(app):
    assert "Nothing has been read yet." in account_of(app, "bluesky")


def test_a_file_whose_ids_were_made_is_marked_beside_its_name(app, store):
    for items in (2, 12):
        told = [FileFact("day1.csv", "separated by semicolons"), FileFact("day1.csv", "ids", items, Mark.MADE_IDS)]
        reading = Reading("bluesky", 1, "day1.csv", {Reason(Passing.NO_TERM): 1}, told)
        store.posts.add(Arrival(reading=reading)).result()
    shown = account_of(app, "bluesky")
    assert "12 ids made by Grapevine" in shown
    assert "were damaged by a spreadsheet" in shown


def test_the_past_shows_the_account_as_it_stood_at_the_last_whole_hour(store, sources):
    clock = store.engine.clock
    told = [FileFact("day1.csv", "ids", 3, Mark.MADE_IDS)]
    store.posts.add(Arrival(reading=Reading("bluesky", 900, "day1.csv", PASSED_900, told))).result()
    clock.advance_to(NOON + timedelta(hours=1, minutes=20))
    store.posts.add(Arrival(reading=Reading("bluesky", 250, passed_over={Reason(Passing.AREA): 250}))).result()

    def shown(**later):
        at = NOON + timedelta(**later)
        return str(sources_then.layout(SimpleNamespace(store=store, sources=sources), Moment(at, at), ""))

    assert "nothing had been read by 12:00." in shown(minutes=50)
    then = shown(hours=1, minutes=30)
    assert "900 read: 900 passed over" in then
    assert "3 ids made by Grapevine" in then
    assert "so it stands as at 13:00." in then
    assert "1,150 read" in shown(hours=2)
