"""What arrives from a real Bluesky server through the real client, and what happens when it does not."""

import json
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from ingest.net import jetstream
from ingest.net.jetstream_events import Place
from ingest.source import AccountRemoved, Missed, Reconnected, Unreadable, Upsert
from ingest.sources.bluesky import POST, Bluesky
from models.clock import SystemClock
from models.errors import SourceFailed, SourceUnreachable
from tests.ingest.bluesky_server import Bridge, a_pds
from tests.ingest.bluesky_server.bridge import FIRST_SEQ, KIND
from tests.waiting import PATIENCE_SECONDS, until


@pytest.fixture(scope="module")
def pds():
    with a_pds() as server:
        yield server


@pytest.fixture
def bridge(pds):
    with Bridge(pds.url) as opened:
        yield opened


@pytest.fixture
def scripted():
    """A bridge without a server behind it: it sends the events of a test, with the times of the test."""
    with Bridge(None) as opened:
        yield opened


@pytest.fixture
def impatient(monkeypatch):
    """The waits between attempts to connect, made short."""
    monkeypatch.setattr(jetstream, "FIRST_DELAY_SECONDS", 0.05)


def the_beginning(bridge) -> str:
    return f"{FIRST_SEQ - 1} 1795000000000000 {bridge.address}"


def a_source(*bridges) -> Bluesky:
    return Bluesky([bridge.address for bridge in bridges], SystemClock())


def read_until(batches, enough):
    """The items up to those that are `enough`, and the last batch."""
    items, patient_until = [], time.monotonic() + PATIENCE_SECONDS
    for batch in batches:
        items.extend(batch.items)
        if enough(items):
            return items, batch
        assert time.monotonic() < patient_until, f"not enough: {items}"
    raise AssertionError(f"the stream ended: {items}")


def exhaust(batches):
    """Reads until it raises."""
    read_until(batches, lambda _: False)


def has(text):
    return lambda items: text in texts(items)


def has_one(item_type):
    return lambda items: any(isinstance(item, item_type) for item in items)


def texts(items):
    return [item.record["text"] for item in items if isinstance(item, Upsert)]


def of(account, items):
    """The items of one account, from its first post on."""
    own = [item for item in items if account.did in repr(item)]
    return [
        (item.record["kind"], item.record["id"], item.record["text"])
        if isinstance(item, Upsert)
        else (type(item).__name__, getattr(item, "post_id", None) or item.author, item.reason)
        for item in own
    ]


class TestARealServer:
    def test_all_that_an_account_does_arrives_in_order(self, pds, bridge):
        alice, bobby = pds.account("alice"), pds.account("bobby")
        post = alice.post("The dam has burst", langs=["en"])
        reply = bobby.reply("Is that so?", post)
        quote = bobby.quote("Look at this", post)
        repost = bobby.repost(post)
        alice.edit(post, "The dam holds")
        bobby.delete(reply)
        bobby.delete(repost)
        bobby.deactivate()
        items, _ = read_until(a_source(bridge).batches(the_beginning(bridge)), has_one_of(AccountRemoved, bobby))
        assert of(alice, of_its_own(alice, items)) == [
            ("post", post["uri"], "The dam has burst"),
            ("post", post["uri"], "The dam holds"),
        ]
        assert of(bobby, items) == [
            ("reply", reply["uri"], "Is that so?"),
            ("quote", quote["uri"], "Look at this"),
            ("repost", repost["uri"], ""),
            ("Delete", reply["uri"], "deleted at its source"),
            ("Delete", repost["uri"], "deleted at its source"),
            ("AccountRemoved", bobby.did, "account deactivated at its source"),
        ]

    @pytest.mark.parametrize(("act", "status"), [("delete_account", "deleted"), ("take_down", "takendown")])
    def test_an_account_that_is_removed_is_reported(self, pds, bridge, act, status):
        alice = pds.account("alice")
        alice.post("The dam has burst")
        getattr(pds, act)(alice)
        items, _ = read_until(a_source(bridge).batches(the_beginning(bridge)), has_one_of(AccountRemoved, alice))
        assert of(alice, items)[-1] == ("AccountRemoved", alice.did, f"account {status} at its source")

    def test_any_cursor_is_a_place_cursor_at(self, pds, bridge):
        alice = pds.account("alice")
        for number in range(8):
            alice.post(f"{number} of eight, {alice.did}")
        last = has(f"7 of eight, {alice.did}")
        items, end = read_until(a_source(bridge).batches(the_beginning(bridge)), last)
        for place in (0, len(items) // 2, len(items) - 2):
            rest, again = read_until(a_source(bridge).batches(items[place].position), last)
            assert rest == items[place + 1 :]
            assert again.cursor == end.cursor

    def test_without_a_cursor_it_begins_with_now(self, pds, bridge):
        alice = pds.account("alice")
        alice.post("before")
        read_until(a_source(bridge).batches(the_beginning(bridge)), has("before"))
        batches = a_source(bridge).batches(None)
        read_until(batches, lambda _: bridge.listeners)
        alice.post("after")
        items, batch = read_until(batches, has("after"))
        assert "before" not in texts(items)
        assert batch.caught_up
        batches.close()

    @pytest.mark.parametrize("breaking", ["drop", "say_goodbye"])
    def test_a_connection_that_breaks_is_reported_and_loses_nothing(self, pds, bridge, breaking):
        alice = pds.account("alice")
        alice.post(f"before {breaking}")
        batches = a_source(bridge).batches(the_beginning(bridge))
        read_until(batches, has(f"before {breaking}"))
        getattr(bridge, breaking)()
        alice.post(f"during {breaking}")
        more, _ = read_until(batches, has(f"during {breaking}"))
        alice.post(f"after {breaking}")
        rest, batch = read_until(batches, has(f"after {breaking}"))
        assert [type(item) for item in more + rest] == [Reconnected, Upsert, Upsert]
        assert batch.caught_up
        batches.close()

    def test_frames_that_are_not_compressed_are_read_as_well(self, pds):
        alice = pds.account("alice")
        alice.post("uncompressed")
        with Bridge(pds.url, compressed=False) as bridge:
            read_until(a_source(bridge).batches(the_beginning(bridge)), has("uncompressed"))
            assert "zstdDictionary" not in bridge.asked[-1]
        with Bridge(pds.url) as bridge:
            read_until(a_source(bridge).batches(the_beginning(bridge)), has("uncompressed"))
            assert "zstdDictionary" in bridge.asked[-1]

    def test_it_asks_for_no_more_than_it_reads(self, pds, bridge):
        read_until(a_source(bridge).batches(None), lambda _: bridge.asked)
        assert bridge.asked[0]["collections"] == ["app.bsky.feed.post", "app.bsky.feed.repost"]
        assert bridge.asked[0]["kinds"] == ["commit", "account"]


def has_one_of(item_type, account):
    return lambda items: any(isinstance(item, item_type) and item.author == account.did for item in items)


def of_its_own(account, items):
    return [item for item in items if isinstance(item, Upsert) and item.record["author"] == account.did]


class TestWhatIsMissed:
    def test_what_the_host_no_longer_keeps_is_a_gap_and_the_rest_arrives(self, pds, bridge):
        alice = pds.account("alice")
        for number in range(3):
            alice.post(f"{number} of three, {alice.did}")
        items, _ = read_until(a_source(bridge).batches(the_beginning(bridge)), has(f"2 of three, {alice.did}"))
        *_, first, _, third = (item for item in items if isinstance(item, Upsert))
        bridge.forget(bridge.last_seq)
        (gap, rest), batch = read_until(a_source(bridge).batches(first.position), has(third.record["text"]))
        assert gap == Missed(moment_at(first), moment_at(third), f"{bridge.address} no longer keeps posts this old")
        assert rest == third
        assert batch.cursor == third.position

    def test_a_gap_that_opens_while_the_connection_is_lost_is_reported_too(self, scripted, impatient):
        scripted.send_event("commit", a_post("the first"), at=minute(3))
        batches = a_source(scripted).batches(f"5 {int(minute(4).timestamp() * 1e6)} wss://another.example")
        read_until(batches, has("the first"))
        scripted.close()
        for number in range(5):
            scripted.send_event("commit", a_post(f"{number} of five"), at=minute(5 + number))
        scripted.forget(scripted.last_seq - 1)
        scripted.open()
        (gap, *rest), _ = read_until(batches, has("4 of five"))
        assert gap == Missed(minute(3), minute(8), f"{scripted.address} no longer keeps posts this old")
        assert texts(rest) == ["3 of five", "4 of five"]
        batches.close()

    def test_at_another_host_it_goes_on_by_time_and_loses_nothing(self, scripted):
        with Bridge(None) as other:
            for number in range(5):
                scripted.send_event("commit", a_post(f"{number} of five"), at=minute(number))
            for number in range(50):
                other.send_event("commit", a_post(f"{number} of fifty"), at=minute(number / 10, seconds=1))
            items, _ = read_until(a_source(scripted).batches(the_beginning(scripted)), has("3 of five"))
            rest, _ = read_until(a_source(other).batches(items[3].position), has("49 of fifty"))
        assert texts(rest) == [f"{number} of fifty" for number in range(20, 50)]
        assert not has_one(Missed)(rest)

    def test_a_host_that_begins_later_than_the_other_ended_leaves_a_gap(self, scripted):
        scripted.send_event("commit", a_post("the first"), at=minute(8))
        cursor = f"5 {int(minute(1).timestamp() * 1e6)} wss://another.example"
        (gap, _), _ = read_until(a_source(scripted).batches(cursor), has("the first"))
        assert gap == Missed(minute(1), minute(8), f"{scripted.address} no longer keeps posts this old")

    def test_a_number_that_the_host_has_not_reached_is_found_by_time(self, scripted):
        for number in range(5):
            scripted.send_event("commit", a_post(f"{number} of five"), at=minute(number))
        beyond = f"999999 {int(minute(3).timestamp() * 1e6)} {scripted.address}"
        items, _ = read_until(a_source(scripted).batches(beyond), has("4 of five"))
        assert texts(items) == ["2 of five", "3 of five", "4 of five"]

    def test_a_connection_lost_before_anything_came_may_have_missed_something(self, scripted, impatient):
        batches = a_source(scripted).batches(None)
        read_until(batches, lambda _: scripted.listeners)
        scripted.drop()
        until(lambda: len(scripted.asked) == 2 and scripted.listeners)
        scripted.send_event("commit", a_post("the first"), at=minute(8))
        (gap, _), _ = read_until(batches, has("the first"))
        assert (gap.since, gap.until) == (None, minute(8))
        batches.close()


TODAY = SystemClock().now()


def minute(number, *, seconds=0):
    return TODAY - timedelta(minutes=10 - number) + timedelta(seconds=seconds)


def a_post(text):
    """A post of nobody's, for what needs times that a real server would not give."""
    record = {"$type": POST, "text": text, "createdAt": TODAY.isoformat()}
    commit = {"did": "did:plc:nobody", "rev": "3r", "operation": "create", "collection": POST}
    return {**commit, "rkey": text.replace(" ", "-"), "cid": "c", "record": record}


def moment_at(item):
    return Place.read(item.position).moment


class TestWhatGoesWrong:
    def test_malformed_frames_become_dead_letters_and_the_stream_goes_on(self, pds, bridge):
        alice = pds.account("alice")
        alice.post("the first")
        batches = a_source(bridge).batches(the_beginning(bridge))
        read_until(batches, has("the first"))
        bridge.send_raw("{")
        bridge.send_raw(json.dumps({"$type": "message", "payload": {"$type": KIND + "commit", "seq": "x"}}))
        bridge.send_event("commit", {**a_post("bad"), "record": "no object"})
        bridge.send_event("commit", {**a_post("bad"), "did": None})
        alice.post("the last")
        items, _ = read_until(batches, has("the last"))
        assert [item.reason for item in items if isinstance(item, Unreadable)] == [
            "not a Jetstream frame",
            "wrong type: seq",
            "wrong type: record",
            "no author",
        ]

    def test_a_host_that_does_not_answer_is_reported_at_once_and_the_next_one_is_asked(self, scripted):
        with Bridge(None) as gone:
            source = a_source(gone, scripted)
        with pytest.raises(SourceUnreachable, match=f"{gone.address}: no connection"):
            exhaust(source.batches(None))
        scripted.send_event("commit", a_post("from the second"))
        read_until(source.batches(the_beginning(scripted)), has("from the second"))

    def test_a_host_that_stays_away_is_given_up_after_a_while(self, scripted, impatient):
        batches = a_source(scripted).batches(None)
        read_until(batches, lambda _: scripted.listeners)
        scripted.close()
        with pytest.raises(SourceUnreachable, match="no connection"):
            exhaust(batches)

    def test_a_busy_host_says_when_to_come_again(self, scripted):
        scripted.refusal = (429, {"Retry-After": "17"})
        with pytest.raises(SourceUnreachable) as busy:
            exhaust(a_source(scripted).batches(None))
        assert (busy.value.host, busy.value.status, busy.value.retry_after_seconds) == (scripted.address, 429, 17)

    def test_a_host_of_another_kind_does_not_pass_by_itself(self, scripted):
        scripted.refusal = (404, {})
        with pytest.raises(SourceFailed, match=r"refused the subscription .*404.*Name a Jetstream v2 host"):
            exhaust(a_source(scripted).batches(None))

    def test_a_stream_that_the_host_ends_with_an_error_is_asked_for_again(self, scripted):
        batches = a_source(scripted).batches(None)
        read_until(batches, lambda _: scripted.listeners)
        scripted.send_raw(json.dumps({"$type": "error", "error": "InternalError", "message": "oh"}))
        with pytest.raises(SourceUnreachable, match="ended the stream"):
            exhaust(batches)

    def test_a_host_that_finds_us_too_slow_is_connected_to_again(self, scripted, impatient):
        scripted.send_event("commit", a_post("the first"))
        batches = a_source(scripted).batches(the_beginning(scripted))
        read_until(batches, has("the first"))
        scripted.send_raw(json.dumps({"$type": "error", "error": "ConsumerTooSlow"}))
        scripted.send_event("commit", a_post("the second"))
        items, _ = read_until(batches, has("the second"))
        assert [type(item) for item in items] == [Reconnected, Upsert]
        assert "ConsumerTooSlow" in items[0].why
        scripted.drop()
        again, _ = read_until(batches, has_one(Reconnected))
        assert "ConnectionClosed" in again[0].why

    def test_a_host_that_packs_with_another_dictionary_is_asked_for_it(self, scripted, impatient):
        scripted.send_event("commit", a_post("the first"))
        batches = a_source(scripted).batches(the_beginning(scripted))
        read_until(batches, has("the first"))
        scripted.rotate_dictionary()
        scripted.drop()
        scripted.send_event("commit", a_post("the second"))
        items, _ = read_until(batches, has("the second"))
        assert [type(item) for item in items] == [Reconnected, Upsert]
        dictionaries = [asked["zstdDictionary"] for asked in scripted.asked]
        assert dictionaries == [dictionaries[0], dictionaries[0], dictionaries[2]]
        assert dictionaries[2] != dictionaries[0]
        batches.close()

    def test_a_host_that_has_fallen_silent_is_connected_to_again(self, scripted, impatient, monkeypatch):
        monkeypatch.setattr(jetstream, "SILENCE_SECONDS", 0.5)
        scripted.send_event("commit", a_post("the first"))
        batches = a_source(scripted).batches(the_beginning(scripted))
        items, _ = read_until(batches, has_one(Reconnected))
        assert [type(item) for item in items] == [Upsert, Reconnected]
        assert "TimeoutError" in items[1].why
        batches.close()


class TestTheTest:
    def test_it_says_of_when_the_latest_event_is(self, scripted, monkeypatch):
        monkeypatch.setattr("ingest.sources.bluesky.TEST_SECONDS", 30)

        def send_once_somebody_listens():
            until(lambda: scripted.listeners)
            scripted.send_event("commit", a_post("hello"), at=minute(8))

        threading.Thread(target=send_once_somebody_listens).start()
        assert a_source(scripted).test() == (
            f"{scripted.address}: connected, the latest event is of {minute(8):%H:%M:%S} UTC."
        )

    def test_a_quiet_host_is_no_fault(self, scripted, monkeypatch):
        # A machine that needs longer to connect gets longer.
        seconds = iter([1, 8, PATIENCE_SECONDS])

        def connects() -> str | None:
            monkeypatch.setattr("ingest.sources.bluesky.TEST_SECONDS", next(seconds))
            with suppress(SourceUnreachable):
                return a_source(scripted).test()

        assert "connected, but no event within" in until(connects)

    def test_a_host_that_is_not_there_is_one(self):
        with Bridge(None) as gone:
            pass
        with pytest.raises(SourceUnreachable, match="no connection"):
            a_source(gone).test()
