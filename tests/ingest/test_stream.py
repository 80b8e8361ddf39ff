"""Between a stream and the worker: bounded, in order, never silent for longer than a second, and closed for good."""

import asyncio
import threading
import time

import pytest

from ingest.running.stream import BATCH_EVENTS, WAITING_EVENTS, Event, batches_of
from ingest.source import Unreadable
from models.errors import SourceUnreachable


def an_event(number: int) -> Event:
    return Event((Unreadable("a stand-in", str(number), ""),), str(number), caught_up=True)


def payloads(batches) -> list[str]:
    return [item.payload for batch in batches for item in batch.items]


def test_everything_comes_in_order_in_batches_of_at_most_a_thousand():
    async def read(put):
        for number in range(2_500):
            await put(an_event(number))

    batches = list(batches_of(read, name="test"))
    assert payloads(batches) == [str(number) for number in range(2_500)]
    assert max(len(batch.items) for batch in batches) <= BATCH_EVENTS
    assert batches[-1].cursor == "2499"


def test_what_trickles_in_waits_for_no_more_than_a_moment():
    async def read(put):
        for number in range(200):
            await put(an_event(number))
            await asyncio.sleep(0.01)

    started = time.monotonic()
    first = next(batches := batches_of(read, name="test"))
    assert 1 < len(first.items) < 100
    assert time.monotonic() - started < 0.6
    batches.close()


def test_a_silent_stream_still_says_so_each_second_and_stays_where_it_was():
    async def read(put):
        await put(an_event(7))
        await asyncio.sleep(60)

    batches = batches_of(read, name="test")
    next(batches)
    for _ in range(2):
        started = time.monotonic()
        batch = next(batches)
        assert (batch.items, batch.cursor, batch.caught_up, batch.last) == ([], "7", True, False)
        assert time.monotonic() - started < 1
    batches.close()


def test_a_worker_that_is_slow_holds_the_stream_back():
    put_so_far = 0

    async def read(put):
        nonlocal put_so_far
        while True:
            await put(an_event(put_so_far))
            put_so_far += 1

    batches = batches_of(read, name="test")
    assert len(next(batches).items) == BATCH_EVENTS
    time.sleep(0.3)
    assert put_so_far <= WAITING_EVENTS + BATCH_EVENTS
    after = payloads(next(batches) for _ in range(5))
    assert after[:1] == [str(BATCH_EVENTS)]
    assert after == [str(number) for number in range(BATCH_EVENTS, BATCH_EVENTS + len(after))]
    assert len(after) > WAITING_EVENTS
    batches.close()


def test_a_fault_is_told_after_all_that_came_before_it():
    async def read(put):
        await put(an_event(1))
        raise SourceUnreachable("gone")

    batches = batches_of(read, name="test")
    assert payloads([next(batches)]) == ["1"]
    with pytest.raises(SourceUnreachable, match="gone"):
        list(batches)


def test_closing_ends_the_thread_and_lets_the_stream_close_its_socket():
    closed = threading.Event()

    async def read(put):
        try:
            while True:
                await put(an_event(1))
        finally:
            closed.set()

    batches = batches_of(read, name="a stream to close")
    next(batches)
    batches.close()
    assert closed.is_set()
    assert "a stream to close" not in {thread.name for thread in threading.enumerate()}


def test_closing_ends_a_stream_that_is_held_back():
    ended = threading.Event()

    async def read(put):
        try:
            for number in range(2 * WAITING_EVENTS):
                await put(an_event(number))
        finally:
            ended.set()

    batches = batches_of(read, name="held back")
    next(batches)
    batches.close()
    assert ended.is_set()


def test_closing_leaves_what_cannot_be_cancelled_to_end_by_itself():
    """A name that is being looked up blocks a thread that nobody can stop."""
    answered = threading.Event()

    async def read(put):
        await put(an_event(1))
        await asyncio.to_thread(answered.wait)

    batches = batches_of(read, name="looking up")
    next(batches)
    began = time.monotonic()
    batches.close()
    took_seconds = time.monotonic() - began
    answered.set()
    assert took_seconds < 5
