"""How many of many random changes to the rows of the audit are found, and placed.

    python -m tests.benchmarks.tampering [CHANGES]

Fills a database with 400 entries of every kind, among them decisions and what was taken out. Then makes CHANGES
(1,000) random ones, one at a time, in the tables themselves: a row is changed in any of its columns, removed,
inserted, copied, swapped with another, cut off the end; a decision or consultation is changed, removed or inserted.
After each the audit is verified, and everything is put back. Prints how many were found, and how many where they were
made, by what was done.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from models.domain.acts import Act, Consultation
from models.domain.audit import AuditFault, AuditKind, AuditNote
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, OFFICER, a_clock, a_post
from tests.dashboard.world import DUTY, judge, opened

CHANGES = 1_000
LOOKS = 300
TABLES = ("audit_entries", "decisions", "consultations")
# What an entry may be found at, by what was done to it: where it stands, or beside it.
BESIDE = 1


def filled(folder: Path) -> DuckDBStore:
    store = DuckDBStore(folder, a_clock())
    incident = opened(store)
    judge(store, incident, [a_post("The dam has burst", minute=1), a_post("No it has not", minute=2)])
    for number in range(LOOKS):
        reason = f"reason {number}" if number % 3 else None
        who = None if number % 7 == 0 else DUTY.officer
        kind = list(AuditKind)[number % 4]
        store.audit.note(AuditNote(kind, f"what {number % 9}", who, incident.id, f"of {number}", reason)).result()
        if number % 6 == 0:
            act = (Act.TAKE, Act.PARK)[number // 6 % 2]
            store.acts.decide(incident.id, "dam", act, OFFICER, f"reason {number}").result()
        if number % 7 == 0:
            taken = Consultation(incident.id, "csv", "all", NOON, OFFICER, f"asked {number}")
            store.consultations.record(taken).result()
    return store


class Tampering:
    """Who can write the database, and has no key."""

    def __init__(self, store: DuckDBStore, random: Random):
        self._connection = store.engine.connection.cursor()
        self._random = random
        self._columns = {
            table: self._connection.execute(
                "select column_name, data_type from information_schema.columns where table_name = ?", [table]
            ).fetchall()
            for table in TABLES
        }
        for table in TABLES:
            self._connection.execute(f"create table kept_{table} as from {table}")
        self.last = self._connection.execute("select max(number) from audit_entries").fetchone()[0]

    def put_back(self) -> None:
        for table in TABLES:
            self._connection.execute(f"delete from {table}")
            self._connection.execute(f"insert into {table} from kept_{table}")

    def make_one(self) -> tuple[str, int | None]:
        """What was done, and to which entry; None: to a record."""
        name, does = self._random.choice(
            [
                ("an entry changed", self._change),
                ("an entry changed", self._change),
                ("entries removed", self._remove),
                ("an entry removed, the others numbered anew", self._remove_and_number),
                ("an entry inserted", self._insert),
                ("an entry inserted, the others numbered anew", self._insert_and_number),
                ("an entry copied", self._copy),
                ("two entries swapped", self._swap),
                ("the end cut off", self._cut),
                ("a record changed", lambda: self._record("change")),
                ("a record removed", lambda: self._record("remove")),
                ("a record copied", lambda: self._record("copy")),
            ]
        )
        return name, does()

    def _any(self) -> int:
        return self._random.randint(1, self.last)

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)

    def _change(self) -> int:
        number = self._any()
        column, kind = self._random.choice(self._columns["audit_entries"])
        # A number that is another's is told as one row moved: where it stands now.
        self._run(f"update audit_entries set {column} = {_other(column, kind)} where number = {number}")
        return number

    def _remove(self) -> int:
        number = self._any()
        many = self._random.randint(0, 4)
        self._run(f"delete from audit_entries where number between {number} and {number + many}")
        return number

    def _remove_and_number(self) -> int:
        number = self._any()
        self._run(f"delete from audit_entries where number = {number}")
        self._run(f"update audit_entries set number = number - 1 where number > {number}")
        return number

    def _insert(self) -> int:
        number = self._any()
        forged = "select * replace ('forged' as what, repeat('0', 64) as link)"
        self._run(f"insert into audit_entries {forged} from audit_entries where number = {number}")
        return number

    def _insert_and_number(self) -> int:
        number = self._any()
        self._run(f"update audit_entries set number = number + 1 where number >= {number}")
        forged = f"select * replace ({number} as number, 'forged' as what, repeat('0', 64) as link)"
        self._run(f"insert into audit_entries {forged} from audit_entries where number = {number + 1}")
        return number

    def _copy(self) -> int:
        number, to = self._any(), self._any()
        copied = f"select * replace ({to} as number) from audit_entries where number = {number}"
        self._run(f"insert into audit_entries {copied}")
        return to

    def _swap(self) -> int:
        one, other = self._random.sample(range(1, self.last + 1), 2)
        self._run(
            f"update audit_entries set number = case number when {one} then {other} else {one} end "
            f"where number in ({one}, {other})"
        )
        return one

    def _cut(self) -> int:
        kept = self._random.randint(0, self.last - 1)
        self._run(f"delete from audit_entries where number > {kept}")
        return kept + 1

    def _record(self, does: str) -> None:
        table = self._random.choice(TABLES[1:])
        rows = self._connection.execute(f"select rowid from {table} order by 1").fetchall()
        row = self._random.choice(rows)[0]
        if does == "change":
            column, kind = self._random.choice(self._columns[table])
            self._run(f"update {table} set {column} = {_other(column, kind)} where rowid = {row}")
        elif does == "remove":
            self._run(f"delete from {table} where rowid = {row}")
        else:
            self._run(f"insert into {table} from {table} where rowid = {row}")


def _other(column: str, kind: str) -> str:
    if kind in ("BIGINT", "INTEGER"):
        return f"coalesce({column}, 0) + 1000"
    if kind == "TIMESTAMP":
        return f"coalesce({column}, timestamp '2026-11-20') + interval 1 microsecond"
    return f"coalesce({column}, '') || 'x'"


def is_placed(found: list[AuditFault], number: int | None) -> bool:
    """Whether a fault names the entry, or the one beside it: of two rows alike nobody can tell which is the copy."""
    if number is None:
        return any(one.kind.value.startswith("record") for one in found)
    return any(one.first - BESIDE <= number <= one.last + BESIDE or one.first == number + 1_000 for one in found)


def main(changes: int) -> None:
    random, done, found_of, placed_of = Random(14), Counter(), Counter(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder))
        if store.audit.verify():
            sys.exit("the audit does not follow before anything was done to it")
        tampering, began = Tampering(store, random), time.perf_counter()
        for _ in range(changes):
            name, number = tampering.make_one()
            found = store.audit.verify()
            done[name] += 1
            found_of[name] += bool(found)
            placed_of[name] += is_placed(found, number)
            tampering.put_back()
        whole_again = store.audit.verify() == []
        took = time.perf_counter() - began
        store.close()
    sys.stdout.write(f"{tampering.last} entries; {changes} changes in {took:.0f} s\n")
    for name in sorted(done):
        sys.stdout.write(f"{name}: {found_of[name]} of {done[name]} found, {placed_of[name]} placed\n")
    sys.stdout.write(f"all: {found_of.total()} of {done.total()} found, {placed_of.total()} placed\n")
    if not whole_again or found_of.total() < changes:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES)
