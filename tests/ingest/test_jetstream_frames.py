"""Frames of the Jetstream wire, packed or not, whole or broken, and of hosts whose dictionary is of no use."""

import asyncio
import json

import pytest
import zstandard

from ingest.net import jetstream_frames
from ingest.net.jetstream_frames import EndedByHost, Frames, Undecodable
from tests.builders import a_clock
from tests.ingest.feed_server import serving

PATH = "/xrpc/network.bsky.jetstream.getZstdDictionary"
MESSAGE = json.dumps({"$type": "message", "payload": {"seq": 7}}).encode()


def a_dictionary(words: str) -> zstandard.ZstdCompressionDict:
    samples = [json.dumps({"payload": {"seq": n, "text": f"{n * 7919} {words}"}}).encode() for n in range(2_000)]
    return zstandard.train_dictionary(4_096, samples)


DICTIONARY, ANOTHER = a_dictionary("things"), a_dictionary("others")


@pytest.fixture
def server():
    with serving() as opened:
        opened.answers[PATH] = DICTIONARY.as_bytes()
        yield opened


def frames_of(server) -> Frames:
    frames = Frames(f"ws://{server.host}", a_clock())
    asyncio.run(frames.fetch_dictionary())
    return frames


def packed(frame: bytes, **how) -> bytes:
    return zstandard.ZstdCompressor(dict_data=DICTIONARY, **how).compress(frame)


def test_frames_are_unpacked_with_the_hosts_dictionary(server):
    frames = frames_of(server)
    assert frames.dictionary_id == DICTIONARY.dict_id()
    assert frames.payload(packed(MESSAGE)) == {"seq": 7}
    assert frames.payload(MESSAGE.decode()) == {"seq": 7}


def test_a_dictionary_is_fetched_once(server):
    frames = frames_of(server)
    asyncio.run(frames.fetch_dictionary())
    assert server.paths() == [PATH]


@pytest.mark.parametrize("answer", [None, b"", b"no dictionary", DICTIONARY.as_bytes()[:40]])
def test_without_a_usable_dictionary_frames_come_unpacked(server, answer):
    server.answers[PATH] = answer
    frames = frames_of(server)
    assert frames.dictionary_id is None
    assert frames.payload(MESSAGE) == {"seq": 7}


def test_a_refused_dictionary_is_fetched_anew_and_not_taken_a_second_time(server):
    frames = frames_of(server)
    frames.dictionary_was_refused()
    asyncio.run(frames.fetch_dictionary())
    assert frames.dictionary_id is None
    server.answers[PATH] = ANOTHER.as_bytes()
    frames.dictionary_was_refused()
    asyncio.run(frames.fetch_dictionary())
    assert frames.dictionary_id == ANOTHER.dict_id()


@pytest.mark.parametrize("states_its_size", [True, False])
def test_a_frame_that_unpacks_to_more_than_a_frame_may_be_is_not_unpacked(server, monkeypatch, states_its_size):
    monkeypatch.setattr(jetstream_frames, "LARGEST_FRAME_BYTES", 10_000)
    frames = frames_of(server)
    bomb = packed(MESSAGE[:-1] + b" " * 20_000 + b"}", write_content_size=states_its_size)
    with pytest.raises(Undecodable):
        frames.payload(bomb)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00", b"{", "{", "[]", '{"$type": "message"}', '{"$type": "other"}', packed(MESSAGE)[:-4], packed(b"{")],
)
def test_what_is_no_frame_is_undecodable(server, raw):
    with pytest.raises(Undecodable):
        frames_of(server).payload(raw)


def test_an_error_of_the_host_is_raised_with_its_code(server):
    with pytest.raises(EndedByHost) as ended:
        frames_of(server).payload('{"$type": "error", "error": "ConsumerTooSlow", "message": "2 minutes behind"}')
    assert (ended.value.error, str(ended.value)) == ("ConsumerTooSlow", "ConsumerTooSlow: 2 minutes behind")
