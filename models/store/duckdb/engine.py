"""One DuckDB file, owned by one process: its connection, a cursor a thread for reading, and the one writer.

Every part of the store is handed this engine. A connection shared across threads returns other threads' rows without
a word, so each thread reads through a cursor of its own.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from models.clock import Clock
from models.errors import StoreError, StoreOwned
from models.store.duckdb import named_sql
from models.store.duckdb.audit_chain import AuditChain
from models.store.duckdb.audit_files import HeadFile, audit_key
from models.store.duckdb.migrations import migrate
from models.store.duckdb.transaction import Transaction
from models.store.duckdb.writer import TwoLaneWriter

DATABASE = "grapevine.duckdb"
# An interrupted reading ends within milliseconds.
INTERRUPTED_SECONDS = 0.005
INTERRUPTIONS = 200


def known_by(as_of: datetime | None) -> dict[str, datetime]:
    """The parameter of a query that reads what was known at a moment; none for all that is known."""
    return {} if as_of is None else {"as_of": as_of}


class Numbers:
    """The numbers that posts get, and their places in incidents. Only the writer's thread takes any.

    One that was taken by a transaction that failed stays unused: gaps are harmless, a number used twice is not.
    """

    def __init__(self, last_seq: int, last_place: int):
        self._last_seq = last_seq
        self._last_place = last_place

    def seqs(self, count: int) -> range:
        """The next numbers in the order of arrival."""
        first, self._last_seq = self._last_seq + 1, self._last_seq + count
        return range(first, first + count)

    def places(self, count: int) -> range:
        """The next places in the order in which posts reach incidents."""
        first, self._last_place = self._last_place + 1, self._last_place + count
        return range(first, first + count)


class Engine:
    """The database `folder`/grapevine.duckdb, made and migrated when needed.

    Raises StoreOwned where another process has the file open, StoreError where it cannot be read.
    """

    def __init__(self, folder: Path, clock: Clock):
        self.path = folder / DATABASE
        self.clock = clock
        self.connection = _connect(self.path)
        # One cursor a thread, kept here and not with the threads, so that closing lets go of all of them.
        self._readers: dict[int, duckdb.DuckDBPyConnection] = {}
        try:
            migrate(self.connection, clock)
            (last,) = named_sql.read(self.connection, "last_numbers", {})
            (newest,) = named_sql.read(self.connection, "newest_known_at", {})
            self.audit = AuditChain(self.connection, audit_key(folder), HeadFile(folder))
        except duckdb.Error as error:
            self.connection.close()
            raise _translated(error) from error
        except (StoreError, OSError):
            self.connection.close()
            raise
        self.numbers = Numbers(last["seq"], last["place"])
        self.writer = TwoLaneWriter(
            self.connection.cursor(), clock, self.audit, last_known_at=newest["known_at"], translate=_translated
        )

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The committed rows of `queries/<query>.sql`; `as_of` is the newest moment unless given."""
        try:
            return named_sql.read(self._reader(), query, parameters)
        except duckdb.Error as error:
            raise _translated(error) from error

    def tables(self, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, pa.Table]:
        """What named queries find, each with its parameters, all as of one commit; times are naive UTC."""
        with self.one_commit() as read:
            return {name: read(name, **given) for name, given in queries.items()}

    @contextmanager
    def one_commit(self) -> Iterator[Callable[..., pa.Table]]:
        """Reads named queries one after the other, all as of one commit; times are naive UTC."""
        reader = self._reader()
        try:
            reader.begin()
            try:
                yield lambda name, **given: named_sql.read_table(reader, name, given)
            finally:
                reader.rollback()
        except duckdb.Error as error:
            raise _translated(error) from error

    def checkpoint(self) -> Future[None]:
        """Fold the log into the file; schedule it for quiet moments, since it holds the writer."""
        return self.writer.submit_act(_checkpoint)

    def close(self) -> None:
        """Write what is queued and let go of the file. Who is still reading gets a StoreError."""
        self.writer.close()
        for cursor in self._readers.values():
            _close(cursor)
        self._readers.clear()
        self.audit.close()
        self.connection.close()
        del self.connection

    def _reader(self) -> duckdb.DuckDBPyConnection:
        thread = threading.get_ident()
        if thread not in self._readers:
            self._readers[thread] = self.connection.cursor()
        return self._readers[thread]


def _close(cursor: duckdb.DuckDBPyConnection) -> None:
    """Close a cursor, also in the midst of a long reading in another thread: it may not hold up a stop."""
    for _ in range(INTERRUPTIONS):
        cursor.interrupt()
        try:
            return cursor.close()
        except duckdb.ResourceInUseException:
            time.sleep(INTERRUPTED_SECONDS)


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
        if "lock" not in str(error).lower():
            raise _translated(error) from error
        owner = re.search(r"\(PID (\d+)\)", str(error))
        raise StoreOwned(path, int(owner.group(1)) if owner else None) from error
    except duckdb.Error as error:
        raise _translated(error) from error


def _checkpoint(transaction: Transaction) -> None:
    # A checkpoint cannot run inside a transaction; the writer's own is empty here, so it is ended first.
    transaction.connection.commit()
    transaction.connection.execute("checkpoint")
    transaction.connection.begin()


def _translated(error: Exception) -> Exception:
    if isinstance(error, duckdb.Error):
        return StoreError(
            f"The database refused: {str(error).splitlines()[0]} If this continues, rename its folder and start "
            "again. The renamed folder keeps what was saved."
        )
    return error
