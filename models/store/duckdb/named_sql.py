"""The SQL that the engine runs, by name: reads in `queries/`, writes in `statements/` beside this file."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from models.store.duckdb.rows import aware, utc_naive

# The newest moment: what an as-of reading takes when nothing is hidden. Naive UTC, as the engine stores it.
NOW = datetime(9999, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class NamedSql:
    text: str
    parameters: frozenset[str]


@cache
def query(name: str) -> NamedSql:
    """One read. Raises FileNotFoundError where none has this name."""
    return _named("queries", name)


@cache
def statement(name: str) -> NamedSql:
    """One write. Raises FileNotFoundError where none has this name."""
    return _named("duckdb/statements", name)


def read(connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a named query by column; `as_of` is the newest moment unless given; times come back aware."""
    with interruptible():
        cursor = _run(connection, query(name), {"as_of": NOW, **parameters})
        found = cursor.fetchall()
    columns = [column[0] for column in cursor.description]
    # Asked once a column: a rebuilt incident reads millions of values, few of them times.
    times = [name for name, kind, *_ in cursor.description if str(kind) == "TIMESTAMP"]
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    for row in rows:
        for name in times:
            row[name] = aware(row[name])
    return rows


def read_table(connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, Any]) -> pa.Table:
    """What a named query finds, by column: for very many rows. `as_of` as above; times stay naive UTC."""
    sql, given = query(name), {"as_of": NOW, **parameters}
    with interruptible():
        found = connection.sql(sql.text, params={name: utc_naive(given[name]) for name in sql.parameters})
        return found.to_arrow_table()


def write(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a named statement; what it returns, if it says so."""
    return _run(connection, statement(name), values).fetchall()


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C while the engine works is what it is elsewhere: the engine has an error of its own for it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def _run(connection: duckdb.DuckDBPyConnection, sql: NamedSql, given: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    return connection.execute(sql.text, {name: utc_naive(given[name]) for name in sql.parameters})


def _named(folder: str, name: str) -> NamedSql:
    text = files("models.store").joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")
    return NamedSql(text, frozenset(re.findall(r"\$(\w+)", text)))
