"""What a job of the writer works with: named reads and writes in one transaction, with one stamp on all it writes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from models.store.duckdb import named_sql
from models.store.duckdb.audit_chain import AuditChain
from models.store.duckdb.rows import table_of


@dataclass(frozen=True, slots=True)
class Transaction:
    """`known_at` is given to every statement. Acts enter themselves in the `audit`.

    What is in `after_commit` is called in the writer's thread once the transaction is committed, before anybody is
    told: what is kept in memory follows there what is on disk. It may not fail.
    """

    connection: duckdb.DuckDBPyConnection
    known_at: datetime
    audit: AuditChain
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a named query as this transaction sees them."""
        return named_sql.read(self.connection, query, parameters)

    def write(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a named statement; the rows that it returns."""
        return named_sql.write(self.connection, statement, {"known_at": self.known_at, **values})

    def append(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a named insert for rows that all have the same fields. One statement for all: one each is slow."""
        if rows:
            self.append_table(statement, table_of(rows))

    def append_table(self, statement: str, table: pa.Table, **values: Any) -> None:
        """Run a named statement for the rows of an Arrow table, by column name."""
        with self.registered("incoming", table):
            self.write(statement, **values)

    @contextmanager
    def registered(self, name: str, table: pa.Table) -> Iterator[None]:
        """Let queries read an Arrow table under this name for a while."""
        self.connection.register(name, table)
        try:
            yield
        finally:
            self.connection.unregister(name)
