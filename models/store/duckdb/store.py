"""The embedded store: one engine, and the parts that it is handed to."""

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from models.clock import Clock
from models.store.duckdb.acts import DuckDBActs
from models.store.duckdb.annotations import DuckDBAnnotations
from models.store.duckdb.audit import DuckDBAudit
from models.store.duckdb.codings import DuckDBCodings
from models.store.duckdb.consultations import DuckDBConsultations
from models.store.duckdb.engine import Engine
from models.store.duckdb.imports import DuckDBImports
from models.store.duckdb.incidents import DuckDBIncidents
from models.store.duckdb.judgement import DuckDBJudgement
from models.store.duckdb.live_sessions import LiveSessions
from models.store.duckdb.posts import DuckDBPosts
from models.store.duckdb.sessions import DuckDBSessions
from models.store.duckdb.sources import DuckDBSources
from models.store.duckdb.stances import DuckDBStances
from models.store.duckdb.users import DuckDBUsers
from models.store.duckdb.views import DuckDBViews


class DuckDBStore:
    """A Store in the database of `folder`, made and migrated when needed.

    Raises StoreOwned where another process has the file open, StoreError where it cannot be read.
    """

    def __init__(self, folder: Path, clock: Clock):
        self.engine = engine = Engine(folder, clock)
        self.audit = DuckDBAudit(engine)
        self.incidents = DuckDBIncidents(engine)
        self.posts = DuckDBPosts(engine)
        self.sources = DuckDBSources(engine)
        self.judgement = DuckDBJudgement(engine)
        self.stances = DuckDBStances(engine)
        self.acts = DuckDBActs(engine)
        self.annotations = DuckDBAnnotations(engine)
        self.consultations = DuckDBConsultations(engine)
        self.codings = DuckDBCodings(engine)
        self.imports = DuckDBImports(engine)
        self._live = LiveSessions(engine)
        self.users = users = DuckDBUsers(engine, self._live)
        self.sessions = DuckDBSessions(engine, self._live, users)
        self.views = DuckDBViews(engine)

    def last_known_at(self) -> datetime | None:
        return self.engine.writer.last_known_at

    def checkpoint(self) -> Future[None]:
        self._live.save()
        return self.engine.checkpoint()

    def close(self) -> None:
        self._live.save()
        self.engine.close()
