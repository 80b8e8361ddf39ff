"""The sessions that have not ended, in memory: equal to what is committed, but for when each was seen last.

Changed in the writer's thread only, after the commit; read from any. When a session was seen is saved together for
all, at most once a minute, so that a request to the server costs no write.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from models.domain.acts import Officer
from models.domain.users import Ended, Session, Way
from models.errors import StoreError
from models.store.duckdb.engine import Engine
from models.store.duckdb.rows import officer_columns
from models.store.duckdb.transaction import Transaction

SAVED_EVERY = timedelta(minutes=1)


class LiveSessions:
    def __init__(self, engine: Engine):
        self._engine = engine
        self._lock = threading.Lock()
        self._live = {row["id"]: session_of(row) for row in engine.rows("live_sessions")}
        self._saved = {session.id: session.seen_at for session in self._live.values()}
        self._saving = False

    def get(self, session: str) -> Session | None:
        return self._live.get(session)

    def all(self) -> list[Session]:
        with self._lock:
            return list(self._live.values())

    def add(self, session: Session) -> None:
        """Keep a session whose start was committed."""
        with self._lock:
            self._live[session.id] = session
            self._saved[session.id] = session.seen_at

    def seen(self, session: str, at: datetime) -> None:
        with self._lock:
            known = self._live.get(session)
            if known is None or at <= known.seen_at:
                return
            self._live[session] = replace(known, seen_at=at)
            if self._saving or at - self._saved[session] < SAVED_EVERY:
                return
            self._saving = True
        self.save()

    def save(self) -> None:
        """Have it saved when each session was seen last."""
        # Refused while Grapevine stops, which has saved them.
        with suppress(StoreError):
            self._engine.writer.submit_act(self.write_seen, shows=never)

    def write_seen(self, transaction: Transaction) -> None:
        """Write when sessions were seen last, of those that were seen since it was written before."""
        with self._lock:
            news = {one.id: one.seen_at for one in self._live.values() if one.seen_at > self._saved[one.id]}
            self._saving = False
        transaction.append("note_seen", [{"session": id_, "seen_at": at} for id_, at in news.items()])
        transaction.after_commit.append(lambda: self._note_saved(news))

    def end(
        self, transaction: Transaction, which: Callable[[Session], bool], why: Ended, by: Officer | None
    ) -> list[Session]:
        """End every live session that `which` says, in this transaction."""
        self.write_seen(transaction)
        ending = [session for session in self.all() if which(session)]
        for session in ending:
            transaction.write("add_session_end", session=session.id, ended=why.value, **officer_columns(by))
        transaction.after_commit.append(lambda: self._forget(ending))
        return ending

    def _forget(self, ended: list[Session]) -> None:
        with self._lock:
            for session in ended:
                del self._live[session.id], self._saved[session.id]

    def _note_saved(self, saved: dict[str, datetime]) -> None:
        with self._lock:
            self._saved.update((id_, at) for id_, at in saved.items() if id_ in self._live)


def never(_: Any) -> bool:
    """Sessions and credentials are in no view."""
    return False


def session_of(row: dict[str, Any]) -> Session:
    return Session(
        id=row["id"],
        user=row["user_id"],
        way=Way(row["way"]),
        device=row["device"],
        started_at=row["started_at"],
        seen_at=row["seen_at"],
        ended_at=row["ended_at"],
        ended=Ended(row["ended"]) if row["ended"] else None,
        provider_session=row["provider_session"],
    )
