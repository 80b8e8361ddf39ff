"""Between a stream and the worker: bounded, in order, never silent for longer than a second, and closed for good."""

import asyncio
import threading
from itertools import islice

import pytest

from ingest.running.stream import (
    BATCH_EVENTS,
    GATHERING_SECONDS,
    SILENCE_SECONDS,
    WAITING_EVENTS,
    Event,
    batches_of,
)
from ingest.source import Unreadable
from models.errors import SourceUnreachable
from tests.waiting import returns, until


def an_event(number: int) -> Event:
    return Event((Unreadable("a stand-in", str(number), ""),), str(number), caught_up=True)


def first_with_items(batches):
    # A machine that takes its time to start a thread gets an empty batch first.
    return next(batch for batch in batches if batch.items)


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
        for number in range(2):
            await put(an_event(number))
        await asyncio.Event().wait()

    batches = batches_of(read, name="test")
    assert payloads([first_with_items(batches)]) == ["0", "1"]
    batches.close()


def test_a_silent_stream_still_says_so_each_second_and_stays_where_it_was():
    async def read(put):
        await put(an_event(7))
        await asyncio.Event().wait()

    assert SILENCE_SECONDS + GATHERING_SECONDS < 1
    batches = batches_of(read, name="test")
    first_with_items(batches)
    for batch in islice(batches, 2):
        assert (batch.items, batch.cursor, batch.caught_up, batch.last) == ([], "7", True, False)
    batches.close()


def test_a_worker_that_is_slow_holds_the_stream_back():
    put_so_far = 0

    async def read(put):
        nonlocal put_so_far
        while True:
            await put(an_event(put_so_far))
            put_so_far += 1

    batches = batches_of(read, name="test")
    came = payloads([first_with_items(batches)])
    until(lambda: put_so_far >= len(came) + WAITING_EVENTS, "as many events as may wait")
    assert put_so_far == len(came) + WAITING_EVENTS
    while len(came) <= 2 * WAITING_EVENTS:
        came += payloads([next(batches)])
    assert came == [str(number) for number in range(len(came))]
    batches.close()


def test_a_fault_is_raised_after_all_that_came_before_it():
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
    returns(batches.close)
    assert not answered.is_set()
    answered.set()
