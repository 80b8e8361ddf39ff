"""What the audit costs: to enter a busy night's looks, to show a page of a million entries, to check them.

    python -m tests.benchmarks.audit_volume [ENTRIES]

First enters the looks of 150 viewers who each open 30 rumours an hour for 12 hours (54,000): some alone, then as many
at once as there are viewers. Prints the writer's time and the disk's bytes for each, and how long an act waits that
comes right after. Then fills a database with
ENTRIES (1,000,000) entries of 150 people in 12 incidents, as the writer would have made them, and reads pages of the
screen: the newest, by each filter, by several, and deep down the list. Last checks the whole chain, as
`grapevine audit verify` does. Prints the 95th percentile of each; the goal for a page is 300 ms.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

import duckdb
import pyarrow as pa

from dashboard.auditing.looks import Entering
from dashboard.views.audit import AuditQuestion, read_page
from models.domain.acts import Act, Officer
from models.domain.audit import AuditedLook, AuditEntry, AuditFilter, AuditKind, AuditNote
from models.people.audit import FIRST_AUDIT_LINK, next_entry
from models.store.duckdb.audit_chain import entry_columns
from models.store.duckdb.audit_files import audit_key
from models.store.duckdb.rows import utc_naive
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, a_clock

ENTRIES = 1_000_000
VIEWERS, AN_HOUR, HOURS = 150, 30, 12
AT_ONCE = 50_000
PAGES_A_FILTER = 40
# Looks that are entered one after the other, each on its own.
ALONE = 1_500


def people() -> list[Officer]:
    return [Officer(f"Officer {n}", "duty", "Northgate Police", f"u{n:015d}") for n in range(VIEWERS)]


def a_look(chance: random.Random, officers: list[Officer]) -> AuditNote:
    incident = f"incident-{chance.randrange(12):02d}"
    what, kind, subject, reason = AuditedLook.RUMOUR, AuditKind.CONSULTATION, f"r{chance.randrange(400):016x}", None
    sort = chance.random()
    if sort < 0.02:
        what, kind, reason = chance.choice(list(Act)), AuditKind.ACT, "Checking with the incident commander"
    elif sort < 0.04:
        what, kind, subject, incident = "signed-in", AuditKind.SIGN_IN, None, None
    elif sort < 0.08:
        what, subject, reason = AuditedLook.SEARCH, None, "dam burst northgate"
    return AuditNote(kind, what, chance.choice(officers), incident, subject, reason)


def enter_a_night(folder: Path) -> None:
    looks, night = VIEWERS * AN_HOUR * HOURS, HOURS * 3_600
    store, chance, officers = DuckDBStore(folder, a_clock()), random.Random(1), people()
    entering = Entering(store, store.engine.clock)
    notes = [a_look(chance, officers) for _ in range(looks)]
    alone = [timed(store.audit.note(note).result) for note in notes[:ALONE]]
    say(f"a look entered alone: median {median(alone):.1f} ms, p95 {percentile(alone):.1f} ms")
    cpu, started = time.process_time(), time.perf_counter()
    waits = []
    for place in range(ALONE, looks, VIEWERS):
        # Everybody opens something at once, and then somebody acts.
        for note in notes[place : place + VIEWERS]:
            entering.enter(note)
        waits.append(timed(store.engine.writer.submit_act(lambda transaction: None, shows=_nothing).result))
    while store.audit.head().number < looks:
        store.engine.writer.submit_act(lambda transaction: None, shows=_nothing).result()
    took, used = time.perf_counter() - started, time.process_time() - cpu
    store.checkpoint().result()
    store.close()
    size = sum(one.stat().st_size for one in folder.iterdir())
    many = looks - ALONE
    say(f"{many:,} looks, {VIEWERS} at once: {took / many * 1e3:.2f} ms each, {used / many * 1e3:.2f} ms of CPU")
    say(f"  an act that comes right after {VIEWERS} of them is done after {percentile(waits):.0f} ms (p95)")
    say(f"  alone they would take {median(alone) * looks / 1e3 / night:.2%} of a night of {HOURS} hours")
    say(f"  on disk: {size / looks:.0f} bytes each, {size / 1e6:.1f} MB a night")


def _nothing(result: object) -> bool:
    return False


def fill(folder: Path, count: int) -> None:
    DuckDBStore(folder, a_clock()).close()
    key, chance, officers = audit_key(folder), random.Random(2), people()
    link, number = FIRST_AUDIT_LINK, 0

    def entries(many: int) -> Iterator[AuditEntry]:
        nonlocal link, number
        for _ in range(many):
            number += 1
            note = a_look(chance, officers)
            entry = next_entry(number, link, note, NOON + timedelta(seconds=number), key)
            link = entry.link
            yield entry

    with duckdb.connect(str(folder / "grapevine.duckdb")) as connection:
        while number < count:
            made = [entry_columns(one) for one in entries(min(AT_ONCE, count - number))]
            rows = [{name: utc_naive(value) for name, value in one.items()} for one in made]
            connection.register("incoming", pa.Table.from_pylist(rows))
            connection.execute("insert into audit_entries by name select * from incoming")
            connection.unregister("incoming")
    (folder / "audit.head").write_text(f"{number:020d} {link}\n")


def filters(count: int) -> Iterator[tuple[str, Callable[[random.Random], AuditQuestion]]]:
    def asks(**given: Callable[[random.Random], object]) -> Callable[[random.Random], AuditQuestion]:
        return lambda chance: AuditQuestion(
            AuditFilter(**{name: make(chance) for name, make in given.items() if name != "before"}),
            given["before"](chance) if "before" in given else None,
        )

    def person(chance: random.Random) -> str:
        return f"u{chance.randrange(VIEWERS):015d}"

    def incident(chance: random.Random) -> str:
        return f"incident-{chance.randrange(12):02d}"

    def moment(chance: random.Random):
        return NOON + timedelta(seconds=chance.randrange(count))

    def deep(chance: random.Random) -> int:
        return chance.randrange(count)

    yield "the newest", asks()
    yield "deep down", asks(before=deep)
    yield "until a moment", asks(until=moment)
    yield "a person", asks(who=person)
    yield "a person, deep down", asks(who=person, before=deep)
    yield "an incident, deep down", asks(incident=incident, before=deep)
    yield "a kind", asks(kind=lambda _: AuditKind.ACT, before=deep)
    yield "a rare what", asks(what=lambda _: Act.UNDO, before=deep)
    yield "nobody", asks(who=lambda _: "nobody")
    yield "person, incident, kind, what, until", asks(
        who=person, incident=incident, kind=lambda _: AuditKind.CONSULTATION, what=lambda _: AuditedLook.SEARCH,
        until=moment,
    )  # fmt: skip


def read(folder: Path, count: int) -> None:
    store, chance = DuckDBStore(folder, a_clock()), random.Random(3)
    for name, asks in filters(count):
        questions = [asks(chance) for _ in range(PAGES_A_FILTER)]
        took = [timed(partial(read_page, store, question)) for question in questions]
        say(f"a page of {name}: p95 {percentile(took):.0f} ms, median {median(took):.0f} ms")
    for name, reads in (("people", store.audit.people), ("whats", store.audit.whats)):
        say(f"the choice of {name}: p95 {percentile([timed(reads) for _ in range(20)]):.0f} ms")
    before, began, cpu = _peak_megabytes(), time.perf_counter(), time.process_time()
    faults = store.audit.verify()
    took, used = time.perf_counter() - began, time.process_time() - cpu
    say(f"checked in {took:.0f} s ({used:.0f} s of CPU), {len(faults)} faults")
    say(f"  the most memory that was used: {before:.0f} MB before, {_peak_megabytes():.0f} MB after")
    store.close()


def timed(does: Callable[[], object]) -> float:
    """In milliseconds."""
    began = time.perf_counter()
    does()
    return (time.perf_counter() - began) * 1e3


def percentile(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        enter_a_night(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), count)
        read(Path(folder), count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
