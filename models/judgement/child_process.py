"""A child process for long calculations: ended at once on request, and with its parent, also after kill -9."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

# A child that was killed is gone within milliseconds.
ENDING_SECONDS = 1.0


class Child:
    """One child process behind an executor, started with the first call; it can be ended in the midst of one."""

    def __init__(self, initializer: Callable[..., object], *arguments: Any):
        """`initializer(*arguments)` runs in the child before the first call."""
        self._context = _RememberingContext()
        self._executor = ProcessPoolExecutor(
            1, mp_context=self._context, initializer=_begin, initargs=(initializer, *arguments)
        )

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future:
        """The future of `work(*arguments)`. Both raise BrokenProcessPool once the child has ended."""
        with _no_interrupts_inherited():
            return self._executor.submit(work, *arguments)

    def end(self) -> None:
        """Kill the child and take in its exit code; calls under way end with BrokenProcessPool."""
        for process in self._context.started:
            if process.pid is not None:
                process.kill()
        # In a thread: before Python 3.11.5 the executor may wait for ever to hand texts to a child that was killed.
        ending = threading.Thread(target=self._executor.shutdown, name="encoder-end", daemon=True)
        ending.start()
        ending.join(ENDING_SECONDS)


class _RememberingContext(SpawnContext):
    """Gives a child a fresh interpreter (a fork would copy the store's threads and locks), and remembers it."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **named: Any) -> SpawnProcess:
        process = SpawnProcess(*args, **named)
        self.started.append(process)
        return process


@contextmanager
def _no_interrupts_inherited() -> Iterator[None]:
    """What is started within never gets the terminal's Ctrl-C: when the child ends is its parent's affair."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(initializer: Callable[..., object], *arguments: Any) -> None:
    """In the child, before the first call."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    initializer(*arguments)


def _end_with_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(0)
