"""The one writer of the store: a thread with two lanes.

People's acts go first and are never refused; machine batches wait their turn behind a bounded queue, and whoever
brings more than it holds waits: that is the back-pressure. Each job is one transaction, stamped with a `known_at`
that strictly increases, and its future resolves after COMMIT.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

from models.clock import Clock
from models.errors import StoreError
from models.store.duckdb.audit_chain import AuditChain
from models.store.duckdb.transaction import Transaction

Job = Callable[[Transaction], Any]

MACHINE_JOBS_WAITING = 8


class TwoLaneWriter:
    """Runs jobs on `connection`, one transaction each. `translate` turns an engine's error into one of ours."""

    def __init__(
        self,
        connection: Any,
        clock: Clock,
        audit: AuditChain,
        *,
        last_known_at: datetime | None,
        translate: Callable[[Exception], Exception],
    ):
        self.commits = 0
        self.last_known_at = last_known_at
        self._connection = connection
        self._clock = clock
        self._audit = audit
        self._translate = translate
        self._acts: deque[tuple[Job, Future, Callable[[Any], bool] | None]] = deque()
        self._machine: deque[tuple[Job, Future, Callable[[Any], bool] | None]] = deque()
        self._turn = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit_act(self, job: Job, *, shows: Callable[[Any], bool] | None = None) -> Future:
        """A person's act: first in line, never refused. `shows`: whether its result changes any view."""
        with self._turn:
            return self._enqueue(self._acts, job, shows)

    def submit_batch(self, job: Job, *, shows: Callable[[Any], bool] | None = None) -> Future:
        """A machine batch: waits while the lane is full. `shows`: whether its result changes any view."""
        with self._turn:
            self._turn.wait_for(lambda: len(self._machine) < MACHINE_JOBS_WAITING or self._closing)
            return self._enqueue(self._machine, job, shows)

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        self._thread.join()
        self._connection.close()
        del self._connection

    def _enqueue(self, lane: deque, job: Job, shows: Callable[[Any], bool] | None = None) -> Future:
        if self._closing:
            raise StoreError("Grapevine is stopping and cannot save anything more. Start it again.")
        future: Future = Future()
        lane.append((job, future, shows))
        self._turn.notify_all()
        return future

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._acts or self._machine or self._closing)
                if not self._acts and not self._machine:
                    return
                job, future, shows = (self._acts or self._machine).popleft()
                self._turn.notify_all()
            self._transact(job, future, shows)

    def _transact(self, job: Job, future: Future, shows: Callable[[Any], bool] | None) -> None:
        if not future.set_running_or_notify_cancel():
            return
        known_at = self._next_stamp()
        try:
            self._connection.begin()
            transaction = Transaction(self._connection, known_at, self._audit)
            result = job(transaction)
            self._connection.commit()
        except Exception as error:  # noqa: BLE001 - whoever waits for the future gets it
            self._roll_back()
            self._audit.rolled_back()
            future.set_exception(self._translate(error))
            return
        self._audit.committed()
        self.last_known_at = known_at
        for follow in transaction.after_commit:
            follow()
        if shows is None or shows(result):
            self.commits += 1
        future.set_result(result)

    def _next_stamp(self) -> datetime:
        now = self._clock.now()
        if self.last_known_at is not None and now <= self.last_known_at:
            return self.last_known_at + timedelta(microseconds=1)
        return now

    def _roll_back(self) -> None:
        # A COMMIT that failed has already ended its transaction: then there is nothing to roll back.
        with contextlib.suppress(Exception):
            self._connection.rollback()
