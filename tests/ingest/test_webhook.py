"""The signed door: who may come in, what a message may hold, and that a failed save lets the sender try again."""

import base64
import hashlib
import hmac
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.source import AccountRemoved, Delete, Unreadable, Upsert
from ingest.sources.webhook import Rejected, Webhook, WebhookSettings, open_webhook
from models.config import checked
from models.errors import ConfigError, SourceFailed
from models.limits import LARGEST_RECORD_BYTES
from tests.builders import NOON, a_clock

KEY = b"thirty-two bytes of test secret!"
OTHER_KEY = b"another secret of enough length."
VARIABLE = "GRAPEVINE_TEST_TIPLINE_SECRET"
RECORD = {
    "id": "7",
    "text": "Water is rising",
    "reply_to": "6",
    "source": "police",
    "gold": {"stance": "deny"},
}


def whsec(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


@pytest.fixture(autouse=True)
def _secret(monkeypatch):
    monkeypatch.setenv(VARIABLE, whsec(KEY))


def a_webhook() -> Webhook:
    return Webhook("tipline", VARIABLE)


def signature(message_id: str, timestamp: int | str, body: bytes, key: bytes = KEY) -> str:
    """Signed from the words of the specification, by no code of ours."""
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def signed(body: bytes, *, message_id: str = "msg_1", at=NOON, key: bytes = KEY) -> dict[str, str]:
    timestamp = int(at.timestamp())
    return {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": signature(message_id, timestamp, body, key),
    }


def items_of(value, webhook: Webhook | None = None) -> list:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    with (webhook or a_webhook()).receive(signed(body), body, NOON) as batch:
        return batch.items


def status_of(webhook: Webhook, headers, body: bytes, now=NOON) -> int:
    """What the sender is answered; 200 when the message was taken."""
    try:
        with webhook.receive(headers, body, now):
            return 200
    except Rejected as rejected:
        return rejected.status


BODY = json.dumps(RECORD).encode()


def test_a_signed_record_comes_in_under_its_sender_s_name():
    (item,) = items_of(RECORD)
    assert item.record == {"id": "webhook:tipline:7", "text": "Water is rising", "reply_to": "webhook:tipline:6"}


def test_the_example_that_the_specification_prints_is_taken(monkeypatch):
    monkeypatch.setenv(VARIABLE, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    sent_at = datetime.fromtimestamp(1614265330, UTC)
    assert status_of(a_webhook(), headers, b'{"test": 2432232314}', sent_at) == 200


@pytest.mark.parametrize("name", ["at", "did", "feed", "cap", "mastodon", "twitter", "pheme", "webhook"])
def test_no_sender_is_named_into_the_posts_of_another_source(name):
    post, gone, removed = items_of(
        [
            {"id": "//did:plc:abc/app.bsky.feed.post/3k", "author": "plc:abc"},
            {"delete": {"id": "1"}},
            {"account_removed": {"author": "plc:abc", "happened_at": "2026-11-20T11:00:00Z"}},
        ],
        Webhook(name, VARIABLE),
    )
    names = (post.record["id"], post.record["author"], gone.post_id, removed.author)
    assert all(one.startswith(f"webhook:{name}:") for one in names)


@pytest.mark.parametrize("link", ["id", "reply_to", "root", "repost_of", "quote_of"])
def test_no_link_leads_out_of_the_sender_s_own_posts(link):
    (item,) = items_of({"id": "1", link: "pheme:498235547685756928"})
    assert item.record[link] == "webhook:tipline:pheme:498235547685756928"


@pytest.mark.parametrize(
    "body",
    [b'[{"id": "1"}, {"id": "2"}]', b'{"id": "1"}\n\n{"id": "2"}\n', b'\xef\xbb\xbf{"id": "1"}\r\n{"id": "2"}'],
)
def test_an_array_and_an_object_a_line_are_items_in_order(body):
    assert [item.record["id"] for item in items_of(body)] == ["webhook:tipline:1", "webhook:tipline:2"]


def test_a_sender_takes_back_what_it_sent_and_nothing_else():
    (item,) = items_of({"delete": {"id": "bsky:at://did:plc:x/post/1"}})
    assert item == Delete("webhook:tipline:bsky:at://did:plc:x/post/1", "msg_1#1", in_order=False)


def test_a_removed_account_goes_from_when_it_was_removed_but_not_from_a_time_to_come():
    past, future = items_of(
        [
            {"account_removed": {"author": "ann", "happened_at": "2026-11-20T11:00:00+01:00"}},
            {"account_removed": {"author": "bob", "happened_at": "2199-01-01T00:00:00Z"}},
        ]
    )
    assert (past, past.happened_at) == (
        AccountRemoved("webhook:tipline:ann", "msg_1#1", past.happened_at),
        NOON - timedelta(hours=2),
    )
    assert future.happened_at == NOON


@pytest.mark.parametrize(
    ("parts", "taken"),
    [
        ({"picture": ["water", [["deep"]]], "poll": {"a": {}}}, {"picture": ["water", []], "poll": {}}),
        ([["deep"]], []),
    ],
)
def test_the_parts_of_a_post_are_taken_as_texts_and_nothing_below(parts, taken):
    (item,) = items_of([{"id": "a", "text": "look", "parts": parts}])
    assert item.record["parts"] == taken


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (5, "not a JSON object"),
        ([[[]]], "not a JSON object"),
        ({"delete": {}}, "no id"),
        ({"delete": 1}, "no id"),
        ({"delete": {"id": "a\ud800"}}, "no id"),
        ({"account_removed": {"happened_at": "2026-11-20T11:00:00Z"}}, "no author"),
        ({"account_removed": {"author": "a", "happened_at": "lately"}}, "no time"),
        ({"account_removed": []}, "no author"),
        ({"account_removed": {"author": "a\ud83d", "happened_at": "2026-11-20T11:00:00Z"}}, "no author"),
    ],
)
def test_what_is_no_item_is_unreadable_and_the_rest_is_taken(item, reason):
    bad, good = items_of([item, RECORD])
    assert (bad.reason, type(good)) == (reason, Upsert)


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda headers: headers.pop("Webhook-Signature"), 401),
        (lambda headers: headers.pop("Webhook-Id"), 401),
        (lambda headers: headers.pop("Webhook-Timestamp"), 401),
        (lambda headers: headers.update({"Webhook-Id": "msg_2"}), 401),
        (lambda headers: headers.update({"Webhook-Id": "böse\n"}), 401),
        (lambda headers: headers.update({"Webhook-Timestamp": "NaN"}), 401),
        (lambda headers: headers.update({"Webhook-Timestamp": "1" * 5000}), 401),
        (lambda headers: headers.update({"Webhook-Signature": "v1,"}), 401),
        (lambda headers: headers.update({"Webhook-Signature": "v1,ä v2,x , v1"}), 401),
        (
            lambda headers: headers.update(
                {"Webhook-Signature": headers["Webhook-Signature"].replace("v1,", "v1a,")}
            ),
            401,
        ),
        (lambda headers: headers.update({"Webhook-Signature": "v1,AAAA " + headers["Webhook-Signature"]}), 200),
    ],
)
def test_only_what_is_signed_comes_in(spoil, status):
    headers = signed(BODY)
    spoil(headers)
    assert status_of(a_webhook(), headers, BODY) == status


def test_a_changed_body_or_another_s_key_is_refused():
    assert status_of(a_webhook(), signed(BODY), BODY + b" ") == 401
    assert status_of(a_webhook(), signed(BODY, key=OTHER_KEY), BODY) == 401


def test_while_secrets_are_rotated_both_are_good(monkeypatch):
    monkeypatch.setenv(VARIABLE, f"{whsec(OTHER_KEY)} {whsec(KEY)}")
    webhook = a_webhook()
    assert status_of(webhook, signed(BODY, key=OTHER_KEY), BODY) == 200
    assert status_of(webhook, signed(BODY, message_id="msg_2", key=KEY), BODY) == 200
    monkeypatch.setenv(VARIABLE, whsec(OTHER_KEY))
    assert status_of(webhook, signed(BODY, message_id="msg_3", key=KEY), BODY) == 401


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
def test_a_message_is_good_for_five_minutes_around_its_time(seconds, status):
    assert status_of(a_webhook(), signed(BODY), BODY, NOON + timedelta(seconds=seconds)) == status


def test_the_very_same_message_again_is_refused_but_a_retry_signed_later_is_taken():
    webhook = a_webhook()
    assert status_of(webhook, signed(BODY), BODY) == 200
    assert status_of(webhook, signed(BODY), BODY) == 409
    assert status_of(webhook, signed(BODY, at=NOON + timedelta(seconds=1)), BODY) == 200


def test_a_message_whose_save_failed_may_be_sent_again():
    webhook = a_webhook()

    def save_in_vain():
        with webhook.receive(signed(BODY), BODY, NOON):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        save_in_vain()
    assert "not since the start" in webhook.test()
    assert status_of(webhook, signed(BODY), BODY) == 200


def test_what_was_seen_is_forgotten_once_its_time_is_over_and_never_grows_without_bound(monkeypatch):
    monkeypatch.setattr("ingest.sources.webhook.MESSAGES_REMEMBERED", 50)
    webhook = a_webhook()
    for number in range(200):
        assert status_of(webhook, signed(BODY, message_id=f"m{number}"), BODY) == 200
    assert len(webhook._seen) == 50
    later = NOON + timedelta(minutes=11)
    assert status_of(webhook, signed(BODY, at=later), BODY, later) == 200
    assert len(webhook._seen) == 1


@pytest.fixture
def restless_threads():
    """Threads change places as often as can be, so that a step that wants its lock is likely to be interrupted."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("restless_threads")
def test_of_many_at_once_the_same_message_is_taken_once_and_every_other_too():
    webhook, start = a_webhook(), threading.Barrier(16)

    def client(number: int) -> list[int]:
        start.wait()
        own = [status_of(webhook, signed(BODY, message_id=f"c{number}-{n}"), BODY) for n in range(20)]
        return [status_of(webhook, signed(BODY, message_id="shared"), BODY), *own]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(client, range(16)))
    assert sorted(answer[0] for answer in answers) == [200] + [409] * 15
    assert {status for answer in answers for status in answer[1:]} == {200}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"id": "1"}' + b" " * (LARGEST_RECORD_BYTES - 10), 413),
        (b'{"id": "1"}' + b" " * (LARGEST_RECORD_BYTES - 11), 200),
        (json.dumps([{"id": "1"}] * 1_001).encode(), 413),
        (b'{"id": "1"}\n' * 1_001, 413),
        (json.dumps([{"id": "1"}] * 1_000).encode(), 200),
        (b"", 400),
        (b"not JSON", 400),
        (b'{"id": "1"}\n{"id": ', 400),
        (b'{"id": "\xff"}', 400),
        (b"[" * 500_000, 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b"9" * 100_000, 400),
    ],
)
def test_a_body_too_large_or_unreadable_is_refused_as_a_whole(body, status):
    assert status_of(a_webhook(), signed(body), body) == status


def test_a_field_nested_as_deep_as_json_goes_is_only_a_wrong_type():
    (item,) = items_of(b'{"id": "1", "text": ' + b"[" * 900 + b"]" * 900 + b"}")
    assert item.record == {"id": "webhook:tipline:1", "text": []}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "no secret. Set the environment variable"),
        ("whsec_c2hvcnQ=", "shorter than 24 bytes"),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "cannot be read"),
        ("whsec_not/base64!!", "cannot be read"),
        (f"{whsec(KEY)} {whsec(KEY)} {whsec(KEY)}", "cannot be read"),
    ],
)
def test_an_unusable_secret_is_named_by_its_variable_never_by_its_value(monkeypatch, value, says):
    monkeypatch.setenv(VARIABLE, value)
    for act in (lambda: a_webhook().test(), lambda: status_of(a_webhook(), signed(BODY), BODY)):
        with pytest.raises(SourceFailed, match=says) as error:
            act()
        assert VARIABLE in str(error.value)
        assert "\n" not in str(error.value)
        assert not value or value not in str(error.value)


def test_it_says_when_something_was_last_taken():
    webhook = a_webhook()
    items_of(RECORD, webhook)
    assert webhook.test() == f"1 secret in {VARIABLE}; last message: 2026-11-20 12:00:00 UTC."


def test_each_sender_of_the_config_is_a_source_that_is_pushed():
    table = {"senders": [{"name": "tipline", "secret_env": "A"}, {"name": "vendor", "secret_env": "B"}]}
    opened = open_webhook(checked(WebhookSettings, table, where="config.toml"), a_clock())
    assert [source.name for source in opened] == ["webhook:tipline", "webhook:vendor"]
    assert all(source.pushed and not hasattr(source, "batches") for source in opened)


@pytest.mark.parametrize(
    "senders",
    [
        [],
        [{"name": "tip:line", "secret_env": "A"}],
        [{"name": "tipline\n", "secret_env": "A"}],
        [{"name": "tipline", "secret_env": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}],
        [{"name": "tipline", "secret_env": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}],
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        [{"name": "tipline", "secret_env": "A"}, {"name": "tipline", "secret_env": "B"}],
    ],
)
def test_senders_that_have_one_name_or_name_no_variable_are_no_config(senders):
    with pytest.raises(ConfigError) as error:
        open_webhook(checked(WebhookSettings, {"senders": senders}, where="config.toml"), a_clock())
    assert "MfKQ" not in str(error.value)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["id", "delete"]), inner, max_size=4)
    ),
    max_leaves=12,
)
LIKE_ITEMS = st.dictionaries(
    st.sampled_from(["id", "text", "reply_to", "delete", "account_removed", "created_at", "source"]),
    ANY_JSON | st.dictionaries(st.sampled_from(["id", "author", "happened_at"]), ANY_JSON),
)


@settings(max_examples=150)
@given(
    body=st.binary(max_size=200)
    | (ANY_JSON | LIKE_ITEMS | st.lists(LIKE_ITEMS)).map(lambda v: json.dumps(v).encode())
)
def test_any_signed_body_is_items_or_a_rejection(body):
    items = []
    status = 200
    try:
        items = items_of(body)
    except Rejected as rejected:
        status = rejected.status
    assert status in (200, 400, 413)
    for item in items:
        assert isinstance(item, Upsert | Delete | AccountRemoved | Unreadable)
        if isinstance(item, Upsert) and isinstance(item.record.get("id"), str) and item.record["id"]:
            assert item.record["id"].startswith("webhook:tipline:")
            assert "source" not in item.record


@settings(max_examples=150)
@given(
    headers=st.dictionaries(
        st.sampled_from(["webhook-id", "Webhook-Timestamp", "WEBHOOK-SIGNATURE", "x"]),
        st.text() | st.just("v1,") | st.just(str(int(NOON.timestamp()))),
    ),
    body=st.binary(max_size=50),
)
def test_any_headers_without_the_secret_are_refused(headers, body):
    assert status_of(a_webhook(), headers, body) == 401
