"""SessionStore on DuckDB: sign-ins, live and ended."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from models.domain.acts import Officer
from models.domain.users import Credential, Ended, Session, Way
from models.errors import Refused
from models.people.checks import checked_officer
from models.store.duckdb.audit_sign_ins import audit_ends, audit_start
from models.store.duckdb.engine import Engine
from models.store.duckdb.live_sessions import LiveSessions, never, session_of
from models.store.duckdb.transaction import Transaction
from models.store.duckdb.users import CHANGED_MEANWHILE, NO_SUCH_USER, DuckDBUsers, still_proves


class DuckDBSessions:
    def __init__(self, engine: Engine, live: LiveSessions, users: DuckDBUsers):
        self._engine = engine
        self._live = live
        self._users = users

    def start(self, session: Session, proven: Credential | None = None) -> Future[Session]:
        def started(transaction: Transaction) -> Session:
            before = transaction.rows("session", session=session.id)
            if before:
                return session_of(before[0])
            user = self._users.get(session.user)
            if user is None:
                raise Refused({"user": NO_SUCH_USER})
            if user.blocked:
                raise Refused({"user": f"{user.name} is blocked. Ask an administrator."})
            # Whoever ended all sessions with a new link has ended this one, too, though it was only beginning.
            if proven is not None and not still_proves(transaction, proven):
                raise Refused({"user": CHANGED_MEANWHILE})
            self._live.write_seen(transaction)
            transaction.write(
                "add_session",
                id=session.id,
                user=session.user,
                way=session.way.value,
                device=session.device,
                started_at=session.started_at,
                seen_at=session.seen_at,
                provider_session=session.provider_session,
            )
            audit_start(transaction, session, user)
            transaction.after_commit.append(lambda: self._live.add(session))
            return session

        return self._engine.writer.submit_act(started, shows=never)

    def live(self, session: str) -> Session | None:
        return self._live.get(session)

    def seen(self, session: str, at: datetime) -> None:
        self._live.seen(session, at)

    def ended(self, session: str) -> Ended | None:
        known = self._engine.rows("session", session=session)
        return session_of(known[0]).ended if known else None

    def end(self, session: str, why: Ended, by: Officer | None = None) -> Future[bool]:
        return self._end(lambda one: one.id == session, why, by, bool)

    def end_all(self, user: str, why: Ended, by: Officer | None = None, keep: str | None = None) -> Future[int]:
        return self._end(lambda one: one.user == user and one.id != keep, why, by, len)

    def end_at_provider(self, issuer: str, subject: str | None, provider_session: str | None) -> Future[int]:
        def of_provider(session: Session) -> bool:
            user = self._users.get(session.user)
            if session.way is not Way.PROVIDER or user is None:
                return False
            theirs, _, known_as = user.sign_in_name.partition(" ")
            if theirs != issuer or (subject is None and provider_session is None):
                return False
            return subject in (None, known_as) and provider_session in (None, session.provider_session)

        return self._end(of_provider, Ended.AT_PROVIDER, None, len)

    def of(self, user: str) -> list[Session]:
        known = [session_of(row) for row in self._engine.rows("sessions_of", user=user)]
        return [(self._live.get(one.id) if one.ended is None else None) or one for one in known]

    def all_live(self) -> list[Session]:
        return sorted(self._live.all(), key=lambda one: (one.started_at, one.id), reverse=True)

    def _end(
        self,
        which: Callable[[Session], bool],
        why: Ended,
        by: Officer | None,
        told: Callable[[list[Session]], bool | int],
    ) -> Future:
        officer = None if by is None else checked_officer(by)

        def ended(transaction: Transaction) -> bool | int:
            ending = self._live.end(transaction, which, why, officer)
            audit_ends(transaction, ending, why, officer, self._users.get)
            return told(ending)

        return self._engine.writer.submit_act(ended, shows=never)
