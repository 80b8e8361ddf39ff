"""Decisions that were logged before rumours were assigned: their links and digests in the audit still follow."""

from importlib.resources import files

import duckdb

from models.domain.acts import Act, Assignee, Officer
from models.domain.audit import AuditHead, AuditKind, AuditNote
from models.people.audit import FIRST_AUDIT_LINK, FIRST_LINK, next_entry, next_link, record_digest
from models.store.duckdb.audit_chain import entry_columns
from models.store.duckdb.audit_files import HeadFile, audit_key
from models.store.duckdb.engine import DATABASE
from models.store.duckdb.rows import utc_naive
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, a_clock, a_post
from tests.dashboard.world import judge, opened

BEFORE_ASSIGNMENTS = 22
INCIDENT = "incident-flood"
DUTY = Officer("J. Officer", "duty", "Northgate Police", "u1")
SALT = "0" * 32
TAKEN = {
    "incident": INCIDENT,
    "number": 1,
    "rumour": "dam",
    "act": "take",
    "state": "assessing",
    "officer": "J. Officer",
    "role": "duty",
    "service": "Northgate Police",
    "user_id": "u1",
    "reason": "checking",
    "correction": None,
    "target": None,
    "undoes": None,
    "decided_at": NOON,
    "salt": SALT,
    "request": "r1",
    "known_at": NOON,
}


def written_by_0_7(folder) -> None:
    """A database with one decision and its entry, each as that version linked and digested it."""
    schema = sorted((files("models.store") / "schema" / "duckdb").iterdir(), key=lambda one: one.name)
    linked = (INCIDENT, 1, "dam", "take", "assessing", "J. Officer", "duty", "checking", None, NOON.isoformat())
    later = (("service", "Northgate Police"), ("user_id", "u1"))
    row = {**TAKEN, "link": next_link(FIRST_LINK, SALT, (*linked, *later))}
    digested = [value for name, value in row.items() if name not in {"reason", "salt", "request", "known_at"}]
    key = audit_key(folder)
    record = record_digest(key, [*digested, "r1", NOON])
    note = AuditNote(AuditKind.ACT, "take", DUTY, INCIDENT, "dam", "checking", NOON, record)
    entry = next_entry(1, FIRST_AUDIT_LINK, note, NOON, key)
    head = HeadFile(folder)
    head.write(AuditHead(entry.number, entry.link))
    head.close()
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create table migrations (name varchar not null, applied_at timestamp not null)")
        for step in schema:
            if int(step.name[:4]) <= BEFORE_ASSIGNMENTS:
                connection.execute(step.read_text(encoding="utf-8"))
                connection.execute("insert into migrations values ($1, '2026-11-20')", [step.name])
        for table, values in (("decisions", row), ("audit_entries", entry_columns(entry))):
            names = ", ".join(values)
            marks = ", ".join(f"${name}" for name in values)
            given = {name: utc_naive(value) for name, value in values.items()}
            connection.execute(f"insert into {table} ({names}) values ({marks})", given)


def test_a_decision_of_before_still_follows_and_is_proved_by_its_entry_and_the_next_one_follows_it(tmp_path):
    written_by_0_7(tmp_path)
    store = DuckDBStore(tmp_path, a_clock())
    try:
        assert (store.acts.broken_decision(INCIDENT), store.audit.verify()) == (None, [])
        (taken,) = store.acts.decisions(INCIDENT)
        assert (taken.act, taken.officer, taken.assignee) == (Act.TAKE, DUTY, None)
        incident = opened(store, name="flood")
        judge(store, incident, [a_post("The dam has burst")])
        store.acts.assign(INCIDENT, "dam", Assignee("Night desk"), DUTY, "ring them").result()
        assert (store.acts.broken_decision(INCIDENT), store.audit.verify()) == (None, [])
    finally:
        store.close()
