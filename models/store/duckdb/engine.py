"""The embedded engine: one DuckDB file, owned by one process.

Opening, migrating, reading and closing stand here; what is written of each part stands in the
`duckdb_*` files beside it. Reads go through one cursor a thread: a connection shared across threads returns other
threads' rows without a word.
"""

import re
import threading
import time
from concurrent.futures import Future
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from models.clock import Clock
from models.errors import StoreError, StoreOwned
from models.store.duckdb.acts import DuckDBActs
from models.store.duckdb.incidents import DuckDBIncidents
from models.store.duckdb.judgement import DuckDBJudgement
from models.store.duckdb.posts import DuckDBPosts
from models.store.duckdb.rearrangements import DuckDBRearrangements
from models.store.duckdb.rows import aware, dict_rows, utc_naive
from models.store.duckdb.sources import DuckDBSources
from models.store.duckdb.writer import TwoLaneWriter

DATABASE = "grapevine.duckdb"
# An interrupted reading ends within milliseconds.
INTERRUPTED_SECONDS = 0.005
INTERRUPTIONS = 200
# The newest moment: what an as-of reading takes when nothing is hidden. Naive UTC, as the engine stores it.
NOW = datetime(9999, 1, 1)  # noqa: DTZ001


class DuckDBStore(DuckDBIncidents, DuckDBPosts, DuckDBSources, DuckDBJudgement, DuckDBActs, DuckDBRearrangements):
    """A Store in `folder`/grapevine.duckdb, made and migrated when needed.

    Raises StoreOwned where another process has the file open, StoreError where it cannot be read.
    """

    def __init__(self, folder: Path, clock: Clock):
        self.path = folder / DATABASE
        self.clock = clock
        self._connection = _connect(self.path)
        # One cursor a thread, kept here and not with the threads, so that closing lets go of all of them.
        self._readers: dict[int, duckdb.DuckDBPyConnection] = {}
        try:
            _migrate(self._connection, clock)
            self._last_seq, self._last_place, last_known_at = _where_it_stands(self._connection)
        except duckdb.Error as error:
            self._connection.close()
            raise _translated(error) from error
        self._writer = TwoLaneWriter(
            self._connection.cursor(), clock, last_known_at=last_known_at, translate=_translated
        )

    @property
    def version(self) -> int:
        return self._writer.commits

    def last_known_at(self) -> datetime | None:
        return self._writer.last_known_at

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of `queries/<query>.sql`. `as_of` is the newest moment unless given; times come back aware."""
        sql, names = named_query(query)
        given = {"as_of": NOW, **parameters}
        values = {name: utc_naive(given[name]) for name in names}
        try:
            return dict_rows(self._reader(), sql, values)
        except duckdb.Error as error:
            raise _translated(error) from error

    def checkpoint(self) -> Future[None]:
        """Fold the log into the file; schedule it for quiet moments, since it holds the writer."""
        return self._writer.submit_act(lambda connection, known_at: _checkpoint(connection))

    def close(self) -> None:
        """Write what is queued and let go of the file. Who is still reading gets a StoreError."""
        self._writer.close()
        for cursor in self._readers.values():
            _close(cursor)
        self._readers.clear()
        self._connection.close()
        del self._connection

    def _reader(self) -> duckdb.DuckDBPyConnection:
        thread = threading.get_ident()
        if thread not in self._readers:
            self._readers[thread] = self._connection.cursor()
        return self._readers[thread]


def _close(cursor: duckdb.DuckDBPyConnection) -> None:
    """Close a cursor, also in the midst of a long reading in another thread: it may not hold up a stop."""
    for _ in range(INTERRUPTIONS):
        cursor.interrupt()
        try:
            return cursor.close()
        except duckdb.ResourceInUseException:
            time.sleep(INTERRUPTED_SECONDS)


@cache
def named_query(name: str) -> tuple[str, frozenset[str]]:
    """The text of one query and the names of its parameters."""
    sql = (files("models.store") / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    return sql, frozenset(re.findall(r"\$(\w+)", sql))


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"{path.parent}: data cannot be stored here ({error.strerror}). "
            "Choose another folder with GRAPEVINE_DATA_DIR."
        ) from error
    try:
        return duckdb.connect(
            str(path),
            config={
                "storage_compatibility_version": "v1.5.0",
                # Automatic checkpoints are the long pauses: let the log grow and fold it in quiet moments.
                "wal_autocheckpoint": "256MB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except duckdb.IOException as error:
        owner = re.search(r"\(PID (\d+)\)", str(error))
        if "lock" not in str(error).lower():
            raise _translated(error) from error
        who = f"process {owner.group(1)}" if owner else "another process"
        raise StoreOwned(
            f"{path}: {who} is using this database. Stop it, or choose another folder with GRAPEVINE_DATA_DIR."
        ) from error
    except duckdb.Error as error:
        raise _translated(error) from error


def _migrate(connection: duckdb.DuckDBPyConnection, clock: Clock) -> None:
    """Run every numbered schema file that this database has not seen, each in a transaction of its own."""
    connection.execute("create table if not exists migrations (name varchar not null, applied_at timestamp not null)")
    applied = {row[0] for row in connection.execute("select name from migrations").fetchall()}
    folder = files("models.store") / "schema" / "duckdb"
    steps = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    unknown = applied - {step.name for step in steps}
    if unknown:
        raise StoreError(
            f"The database was written by a newer Grapevine (it has {', '.join(sorted(unknown))}). Update Grapevine."
        )
    for step in steps:
        if step.name not in applied:
            connection.begin()
            connection.execute(step.read_text(encoding="utf-8"))
            connection.execute("insert into migrations values (?, ?)", [step.name, utc_naive(clock.now())])
            connection.commit()


def _where_it_stands(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, datetime | None]:
    """The number of the last post, the last place in any incident, and the newest stamp on what was written."""
    last_seq = connection.execute("select coalesce(max(seq), 0) from posts").fetchall()[0][0]
    last_place = connection.execute("select coalesce(max(place), 0) from incident_posts").fetchall()[0][0]
    stamps = [
        connection.execute(f"select max(known_at) from {table}").fetchall()[0][0]
        for table in (
            "posts",
            "flow_posts",
            "cursors",
            "decisions",
            "incident_versions",
            "source_health",
            "permissions",
        )
    ]
    return last_seq, last_place, aware(max((stamp for stamp in stamps if stamp is not None), default=None))


def _checkpoint(connection: duckdb.DuckDBPyConnection) -> None:
    # A checkpoint cannot run inside a transaction; the writer's own is empty here, so it is ended first.
    connection.commit()
    connection.execute("checkpoint")
    connection.begin()


def _translated(error: Exception) -> Exception:
    if isinstance(error, duckdb.Error):
        said = str(error).splitlines()[0]
        return StoreError(
            f"The database refused: {said} If this continues, rename its folder and start again. "
            "The renamed folder keeps what was saved."
        )
    return error
