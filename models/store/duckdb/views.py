"""ViewStore on DuckDB: the rows that screens are drawn from."""

from typing import Any

from models.measures.history import History
from models.store.duckdb.engine import Engine
from models.store.duckdb.histories import Histories


class DuckDBViews:
    def __init__(self, engine: Engine):
        self._engine = engine
        self._histories = Histories(engine)

    @property
    def version(self) -> int:
        return self._engine.writer.commits

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        return self._engine.rows(query, **parameters)

    def history(self, incident: str) -> History:
        return self._histories.of(incident)
