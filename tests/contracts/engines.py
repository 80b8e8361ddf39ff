"""The engines that the contract of the store holds for. A second engine joins by one more line in ENGINES."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.clock import Clock
from models.store import Store
from models.store.duckdb.store import DuckDBStore


@dataclass(frozen=True)
class Engine:
    """`opens` a store in a folder; `looks` runs a statement on its tables, behind the protocol."""

    opens: Callable[[Path, Clock], Store]
    looks: Callable[[Store, str], list[tuple[Any, ...]]]

    def tables_with(self, store: Store, column: str) -> list[str]:
        """The tables that have such a column."""
        named = f"select table_name from information_schema.columns where column_name = '{column}' order by 1"
        return [name for (name,) in self.looks(store, named)]


def _looks_into_duckdb(store: Any, statement: str) -> list[tuple[Any, ...]]:
    with store.engine.connection.cursor() as connection:
        return connection.execute(statement).fetchall()


ENGINES = {"duckdb": Engine(DuckDBStore, _looks_into_duckdb)}
