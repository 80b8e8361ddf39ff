"""Waits in tests: for what happens, never for a time that was enough on somebody's machine."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

# No wait takes as long unless what it waits for never comes, also on a slow machine with much else to do.
PATIENCE_SECONDS = 120.0
A_MOMENT_SECONDS = 2.0


def until(claim: Callable[[], Any], what: str = "what the test waits for") -> Any:
    """Wait until `claim()` is true, and return it; fail once patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (come := claim()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.01)
    return come


def takes_a_moment(work: Callable[[], Any]) -> Any:
    """Do `work` and return what it gives; fail where its cost explodes with the size of its input.

    Counted in this thread's processor time, which other programs do not lengthen. What grows in step with its input
    takes milliseconds here, and what does not takes minutes.
    """
    began = time.thread_time()
    gave = work()
    seconds = time.thread_time() - began
    assert seconds < A_MOMENT_SECONDS, f"took {seconds:.1f} s of processor time"
    return gave


def returns(work: Callable[[], Any], what: str = "a call that must return") -> None:
    """Run `work` in a thread of its own, so that a call that never returns fails the test instead of hanging it."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            faults.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), f"never returned: {what}"
    if faults:
        raise faults[0]
