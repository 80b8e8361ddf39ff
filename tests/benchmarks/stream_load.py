"""How many posts a second the whole worker path takes, and what happens when more come than that.

    python tests/benchmarks/stream_load.py [SECONDS]

A synthetic stream, which stands for a platform, pours posts through the bounded buffer, the normal form, the
matching against two incidents and the writer into a real database: SECONDS (60) at 2,000 a second, then a third of it
at 20,000. Prints what was stored, the longest queue, how late posts were saved, and memory by the quarter.
"""

import asyncio
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.stream import WAITING_EVENTS, Event, Put, batches_of
from ingest.running.worker import Worker
from ingest.source import Batch, Upsert
from models.clock import SystemClock
from models.domain.acts import Officer
from models.domain.ids import stable_id
from models.domain.incidents import Incident, Watch
from models.store.duckdb.store import DuckDBStore
from tests.journeys.server import resident_megabytes

TICK_SECONDS = 0.05
WORDS = "the dam above Northgate has burst and water is in Bridge Street says a neighbour get to high ground".split()


@dataclass
class Report:
    """What came of one pour. `late` is seconds from when a post was poured to its commit, one a batch."""

    poured: int
    stored: int
    seconds: float
    late: list[float]
    waiting: list[int]
    megabytes: list[float]


class Pouring:
    """A stand-in stream of `rate` posts a second for `seconds`; it waits where it is pushed back."""

    name = "pouring"
    live = True
    every_seconds = None
    restriction = None

    def __init__(self, rate: int, seconds: float):
        self.rate = rate
        self.seconds = seconds
        self.poured = 0
        self.poured_at: list[float] = []

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        return batches_of(self._pour, name=self.name)

    async def _pour(self, put: Put) -> None:
        clock, began = SystemClock(), time.monotonic()
        while (passed := time.monotonic() - began) < self.seconds:
            # A platform does not make up for what it could not send: what waits in its sockets it sends late.
            for _ in range(min(int(passed * self.rate) - self.poured, int(self.rate * TICK_SECONDS * 2))):
                number = self.poured
                text = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 12))
                record = {
                    "id": f"pouring:{number}",
                    "text": f"water: {text} {number}",
                    "author": f"author {number % 5000}",
                    "created_at": clock.now().isoformat(),
                    "reply_to": f"pouring:{number - 7}" if number % 3 == 0 and number > 7 else None,
                }
                self.poured_at.append(time.monotonic())
                self.poured += 1
                await put(Event((Upsert(record, str(number)),), str(number), caught_up=True))
            await asyncio.sleep(TICK_SECONDS)


def pour(folder: Path, rate: int, seconds: float) -> Report:
    """Pour into a new database in `folder`; returns when all is committed."""
    clock = SystemClock()
    store = DuckDBStore(folder, clock)
    for name, term in (("Northgate flood", "dam"), ("Bridge Street", "bridge street")):
        incident = Incident(
            stable_id(name), name, "load", "task", True, clock.now(), watch=Watch(terms=(term, "water"))
        )
        store.incidents.record(incident, Officer("Benchmark", "administrator"), "load").result()
    source = Pouring(rate, seconds)
    form = NormalForm(source.name, b"key")
    worker = Worker(source, store, form, Matcher(store, source.name, form.pseudonym).match, clock, name=source.name)
    report = Report(0, 0, 0.0, [], [], [])
    save = worker.save

    def timed(batch: Batch):
        saved = save(batch)
        if batch.items:
            report.late.append(time.monotonic() - source.poured_at[int(batch.cursor)])
            report.waiting.append(source.poured - int(batch.cursor) - 1)
            report.stored += saved.new
        return saved

    worker.save = timed
    began, stop = time.monotonic(), threading.Event()
    reading = threading.Thread(target=worker.run, args=(stop,))
    reading.start()
    while reading.is_alive():
        reading.join(seconds / 4)
        # As the running Grapevine does every five minutes.
        store.checkpoint().result()
        report.megabytes.append(resident_megabytes([os.getpid()]))
    report.seconds, report.poured = time.monotonic() - began, source.poured
    store.close()
    return report


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    for rate, length in ((2_000, seconds), (20_000, seconds / 3)):
        with tempfile.TemporaryDirectory() as folder:
            told = pour(Path(folder), rate, length)
        late = np.percentile(told.late, [50, 95, 100])
        print(
            f"offered {rate:,} a second for {length:.0f} s: {told.poured:,} poured, "
            f"{told.poured - told.stored:,} lost, {told.stored / told.seconds:,.0f} stored a second; "
            f"saved late by {late[0]:.2f} s (median), {late[1]:.2f} s (p95), {late[2]:.2f} s (longest); "
            f"at most {max(told.waiting):,} waiting (bound {WAITING_EVENTS:,} + a batch); "
            f"memory by the quarter {', '.join(f'{one:,.0f}' for one in told.megabytes[:4])} MB"
        )


if __name__ == "__main__":
    main()
