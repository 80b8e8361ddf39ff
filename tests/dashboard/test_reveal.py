"""Revealing an author: who may, what is recorded, that it is shown once, and what a second look at a person needs."""

from datetime import timedelta

import pytest

from dashboard.access import MAY, SystemAct
from dashboard.forms import reveal
from dashboard.views.reveal import REMEMBERED
from dashboard.words import reveal as words
from models.config import Settings
from models.domain.acts import Consultation, Officer
from models.domain.posts import Kind, Removal
from models.domain.users import Role
from models.store.messages import Arrival
from tests.builders import a_post
from tests.dashboard.world import (
    ANALYST,
    DUTY,
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
)

OTHER = Somebody("B. Manager", Role.INFORMATION_MANAGER)
MINE, AGAIN, ANOTHERS = 1, 2, 3


@pytest.fixture
def incident(store):
    """The posts 1 and 2 are of one author, 3 is of another."""
    incident = opened(store)
    posts = [
        a_post("Trapped on the roof, tell @jo_smith", id="p:1", author="hash", url="https://x.com/jo_smith/status/1"),
        a_post("Still on the roof", id="p:2", author="hash"),
        a_post("The dam has burst", id="p:3", author="other hash", url="at://did:plc:ab12/app.bsky.feed.post/3"),
    ]
    judge(store, incident, posts)
    return incident


@pytest.fixture
def app(store, incident):
    return an_app(store)


def ask(app, incident, number, *, officer=INFORMATION, request="one", reason="in danger", authorised=(), **values):
    values = {"reason": reason, "authorised": list(authorised), "reference": "", **values}
    return send(
        app, reveal.FORM, values, {"incident": incident.id, "post": str(number)}, officer=officer, request=request
    )


def ticket_of(sent):
    return answer_of(sent, reveal.FORM)["keep"]["reveal"]


def fetch(app, ticket, officer=INFORMATION, **headers):
    client = browser_of(app, officer)
    return client.post("/reveal", data={"ticket": ticket}, base_url="http://127.0.0.1", headers=headers)


def test_a_reveal_is_recorded_before_it_is_shown(app, store, incident):
    sent = ask(app, incident, MINE)
    (recorded,) = store.consultations.of(incident.id)
    assert (recorded.what, recorded.filter, recorded.reason) == ("reveal", "p:1", "in danger")
    assert (recorded.officer.name, recorded.officer.role) == ("I. Manager", "information-manager")
    assert "jo_smith" not in str(sent)


def test_it_shows_the_words_and_the_address_as_they_came(app, incident):
    answer = fetch(app, ticket_of(ask(app, incident, MINE)))
    assert answer.json["text"] == "Trapped on the roof, tell @jo_smith"
    assert answer.json["link"] == answer.json["address"] == "https://x.com/jo_smith/status/1"
    assert answer.json["site"] == "x.com"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_no_browser_opens_is_shown_and_is_no_link(app, incident):
    shown = fetch(app, ticket_of(ask(app, incident, ANOTHERS))).json
    assert (shown["address"], shown["link"]) == ("at://did:plc:ab12/app.bsky.feed.post/3", None)


def test_no_hash_of_an_author_is_shown(app, incident):
    assert "hash" not in fetch(app, ticket_of(ask(app, incident, MINE))).text


def test_a_ticket_shows_the_post_once(app, incident):
    ticket = ticket_of(ask(app, incident, MINE))
    assert fetch(app, ticket).status_code == 200
    again = fetch(app, ticket)
    assert (again.status_code, again.text) == (410, words.EXPIRED)


def test_another_website_gets_nothing_for_a_ticket(app, incident):
    assert fetch(app, ticket_of(ask(app, incident, MINE)), Origin="http://evil.example").status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_only_the_roles_of_the_table_may(app, store, incident, role):
    sent = ask(app, incident, MINE, officer=Somebody("N", role))
    may = role in MAY[SystemAct.REVEAL]
    assert answer_of(sent, reveal.FORM)["saved"] is may
    assert bool(store.consultations.of(incident.id)) is may


def test_without_a_reason_nothing_is_revealed_or_recorded(app, store, incident):
    assert "reason" in problems_of(ask(app, incident, MINE, reason=" "), reveal.FORM)
    assert store.consultations.of(incident.id) == []


@pytest.mark.parametrize("number", ["0", "-1", "99", "", "x", "1.0", "9" * 400, "²", None, 1, ["1"]])
def test_what_is_no_post_of_the_incident_is_refused(app, incident, number):
    sent = send(app, reveal.FORM, {"reason": "r"}, {"incident": incident.id, "post": number}, officer=INFORMATION)
    assert problems_of(sent, reveal.FORM) == {"post": words.NO_POST}


def test_a_post_of_another_incident_is_refused(app, store, incident):
    elsewhere = opened(store, name="Elsewhere")
    assert problems_of(ask(app, elsewhere, MINE), reveal.FORM) == {"post": words.NO_POST}


def test_of_a_removed_post_nothing_is_left_to_reveal(app, store, incident):
    removed = Removal("test", "deleted", store.engine.clock.now(), post="p:3")
    store.posts.add(Arrival(removals=[removed])).result()
    assert problems_of(ask(app, incident, ANOTHERS), reveal.FORM) == {"post": words.REMOVED}


def test_what_is_removed_before_it_is_fetched_is_not_shown(app, store, incident):
    ticket = ticket_of(ask(app, incident, ANOTHERS))
    store.posts.add(Arrival(removals=[Removal("test", "deleted", store.engine.clock.now(), post="p:3")])).result()
    answer = fetch(app, ticket)
    assert (answer.status_code, answer.text) == (410, words.REMOVED)


class TestASecondLook:
    @pytest.fixture(autouse=True)
    def revealed(self, app, incident):
        ask(app, incident, MINE)

    @pytest.mark.parametrize("number", [MINE, AGAIN])
    @pytest.mark.parametrize("officer", [INFORMATION, OTHER, DUTY])
    def test_at_an_author_says_to_seek_authorisation(self, app, store, incident, number, officer):
        sent = ask(app, incident, number, officer=officer, request="two")
        problem = problems_of(sent, reveal.FORM)["authorised"]
        assert "directed surveillance (RIPA 2000 Part II / IPA)" in problem
        assert "ask your authorising officer" in problem
        assert len(store.consultations.of(incident.id)) == 1

    def test_at_another_author_needs_none(self, app, incident):
        assert answer_of(ask(app, incident, ANOTHERS, request="two"), reveal.FORM)["saved"]

    def test_names_whom_the_settings_name(self, store, incident):
        settings = Settings(people={"authorising_officer": "Supt Shah"})
        app = an_app(store, settings=settings)
        assert "ask Supt Shah." in problems_of(ask(app, incident, AGAIN, request="two"), reveal.FORM)["authorised"]

    def test_with_an_authorisation_needs_its_reference(self, app, incident):
        sent = ask(app, incident, AGAIN, request="two", authorised=["yes"])
        assert problems_of(sent, reveal.FORM) == {"reference": words.NO_REFERENCE}

    def test_with_its_reference_is_shown_and_recorded_with_it(self, app, store, incident):
        sent = ask(app, incident, AGAIN, request="two", authorised=["yes"], reference="DS/2026/14")
        assert fetch(app, ticket_of(sent)).json["text"] == "Still on the roof"
        assert store.consultations.of(incident.id)[0].reason == "in danger (authorisation DS/2026/14)"

    def test_after_thirty_days_is_a_first_one(self, app, store, incident):
        clock = store.engine.clock
        clock.latest = clock.now() + 2 * REMEMBERED
        clock.advance_to(clock.now() + REMEMBERED + timedelta(seconds=1))
        assert answer_of(ask(app, incident, AGAIN, request="two"), reveal.FORM)["saved"]

    def test_in_another_incident_is_a_first_one(self, app, store, incident):
        elsewhere = opened(store, name="Elsewhere")
        judge(store, elsewhere, [a_post("On the roof", id="p:4", author="hash")])
        assert answer_of(ask(app, elsewhere, 4, request="two"), reveal.FORM)["saved"]

    def test_a_try_of_the_same_request_is_no_second_look(self, app, store, incident):
        assert answer_of(ask(app, incident, MINE), reveal.FORM)["saved"]
        assert len(store.consultations.of(incident.id)) == 1

    def test_the_same_request_shows_nothing_once_its_minute_is_over(self, app, store, incident):
        store.engine.clock.advance_to(store.engine.clock.now() + timedelta(seconds=90))
        answer = answer_of(ask(app, incident, MINE), reveal.FORM)
        assert (answer["saved"], answer["note"]) == (False, words.USED)


def test_of_two_reveals_at_once_the_second_shows_nothing(app, store, incident, monkeypatch):
    """Both were checked before either was recorded."""
    record = store.consultations.record

    def another_first(made: Consultation, request=None):
        record(Consultation(made.incident, "reveal", "p:2", made.as_of, Officer("B", "administrator"), "r")).result()
        return record(made, request=request)

    monkeypatch.setattr(store.consultations, "record", another_first)
    answer = answer_of(ask(app, incident, MINE), reveal.FORM)
    assert answer["saved"] is False
    assert "Seek authorisation" in answer["note"]


def test_every_post_but_a_sighting_has_its_button_and_none_in_the_past(app, store, incident):
    judge(store, incident, [a_post("Heard it", kind=Kind.SIGHTING, author=None)])

    def buttons(as_of):
        context = {"incident": incident.id, "rumour": "dam", "as_of": as_of}
        inputs = [("rumour-context.data", context), ("rumour-show.n_clicks", None), ("rumour-acted.data", None)]
        return str(call(app, "rumour-posts.children", inputs, [], "rumour-context.data")).count(
            "'data-opens': 'reveal'"
        )

    assert buttons(None) == 3
    store.engine.clock.advance_to(store.engine.clock.now() + timedelta(minutes=1))
    assert buttons((store.engine.clock.now() - timedelta(seconds=1)).isoformat()) == 0


def test_the_record_of_what_was_taken_names_no_account(app, store, incident):
    judge(store, incident, [a_post("On the roof", id="at://did:plc:ab12/post/1", author="third")])
    ask(app, incident, 4)
    inputs = [("review-context.data", {"incident": incident.id, "as_of": None}), ("export-answer.data", None)]
    shown = str(call(app, "review-taken.children", inputs, [], "review-context.data"))
    assert words.TAKEN in shown
    assert "ab12" not in shown


def test_an_analyst_is_told_whom_to_ask(app, incident):
    told = problems_of(ask(app, incident, MINE, officer=ANALYST), reveal.FORM)["role"]
    assert (
        told == "You cannot do this as an analyst. Ask a comms officer or a duty officer or an information manager."
    )
