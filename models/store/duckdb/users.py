"""UserStore on DuckDB: who may sign in, in versions, and what local users prove themselves by."""

import hmac
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from models.domain.acts import Officer
from models.domain.users import Credential, Ended, Grant, Role, User, UserVersion, Way
from models.errors import Refused
from models.people.checks import checked_officer, checked_reason, checked_request
from models.people.users import checked_user, sign_in_key
from models.store.duckdb.audit_sign_ins import audit_credential, audit_ends, audit_link_used, audit_user
from models.store.duckdb.engine import Engine
from models.store.duckdb.live_sessions import LiveSessions, never
from models.store.duckdb.transaction import Transaction

NO_SUCH_USER = "There is no such user. `grapevine user list` lists them."
CHANGED_MEANWHILE = "Your password or second factor was changed meanwhile. Sign in again, then try once more."


class DuckDBUsers:
    def __init__(self, engine: Engine, live: LiveSessions):
        self._engine = engine
        self._live = live
        # Never changed, only replaced by the writer's thread: any thread may read it without a lock.
        self._book = _Book(_user(row) for row in engine.rows("users"))

    def record(self, user: User, by: Officer | None, reason: str | None, request: str | None = None) -> Future[User]:
        checked, name = checked_user(user), checked_request(request)
        officer = None if by is None else checked_officer(by)
        # What the provider or a first start says of somebody needs no reason.
        why = checked_reason(reason or "") if officer or reason else None

        def recorded(transaction: Transaction) -> User:
            before = transaction.rows("user_of_request", request=name)
            if before:
                return _user(before[0])
            self._refuse_what_cannot_be(transaction, checked)
            versions = transaction.rows("user_versions", user=checked.id)
            transaction.write(
                "add_user_version",
                user=checked.id,
                version=versions[0]["version"] + 1 if versions else 1,
                way=checked.way.value,
                sign_in_name=checked.sign_in_name,
                name=checked.name,
                service=checked.service,
                blocked=checked.blocked,
                grants=[asdict(grant) for grant in sorted(checked.grants, key=_order_of_grants)],
                **_signature(officer),
                reason=why,
                request=name,
            )
            audit_user(transaction, self.get(checked.id), checked, officer, why)
            if checked.blocked:
                ended = self._live.end(transaction, lambda one: one.user == checked.id, Ended.BY_OTHERS, officer)
                audit_ends(transaction, ended, Ended.BY_OTHERS, officer, self.get)
            transaction.after_commit.append(lambda: self._keep(checked))
            return checked

        return self._engine.writer.submit_act(recorded)

    def get(self, user: str) -> User | None:
        return self._book.by_id.get(user)

    def named(self, sign_in_name: str) -> User | None:
        return self._book.named(sign_in_name)

    def all(self) -> list[User]:
        return sorted(self._book.by_id.values(), key=lambda one: (one.service, one.name, one.id))

    def versions(self, user: str) -> list[UserVersion]:
        return [
            UserVersion(
                number=row["version"],
                user=_user(row),
                recorded_at=row["known_at"],
                by=_officer(row),
                reason=row["reason"],
            )
            for row in self._engine.rows("user_versions", user=user)
        ]

    def credential(self, user: str) -> Credential | None:
        return _credential(self._engine.rows("credential", user=user))

    def set_credential(
        self, credential: Credential, *, expected: Credential | None = None, by: Officer | None = None
    ) -> Future[Credential]:
        def set_(transaction: Transaction) -> Credential:
            if self.get(credential.user) is None:
                raise Refused({"user": NO_SUCH_USER})
            before = _credential(transaction.rows("credential", user=credential.user))
            if expected is not None and before != expected:
                raise Refused({"now": CHANGED_MEANWHILE})
            _write(transaction, credential)
            if by is not None:
                audit_credential(transaction, before, credential, by)
            return credential

        return self._engine.writer.submit_act(set_, shows=never)

    def holder_of_set_up(self, digest: str, now: datetime) -> User | None:
        for row in self._engine.rows("holder_of_set_up", digest=digest):
            user = self.get(row["user_id"])
            if user is not None and not user.blocked and now < row["set_up_until"]:
                return user
        return None

    def use_code(self, user: str, step: int) -> Future[bool]:
        def used(transaction: Transaction) -> bool:
            known = _credential(transaction.rows("credential", user=user))
            if known is None or known.second_factor is None:
                return False
            if known.last_code is not None and step <= known.last_code:
                return False
            transaction.write("note_code", user=user, step=step)
            return True

        return self._engine.writer.submit_act(used, shows=never)

    def use_set_up(self, user: str, digest: str, password: str, now: datetime) -> Future[bool]:
        def used(transaction: Transaction) -> bool:
            known, who = _credential(transaction.rows("credential", user=user)), self.get(user)
            if who is None or who.blocked or known is None or not _opens(known, digest, now):
                return False
            _write(transaction, replace(known, password=password, set_up=None, set_up_until=None))
            audit_link_used(transaction, who)
            return True

        return self._engine.writer.submit_act(used, shows=never)

    def _refuse_what_cannot_be(self, transaction: Transaction, user: User) -> None:
        other = self._book.by_name.get(_key(user))
        if other is not None and other.id != user.id:
            raise Refused({"sign_in_name": f"{other.name} signs in with this name. Choose another."})
        for incident in sorted({grant.incident for grant in user.grants if grant.incident is not None}):
            if not transaction.rows("incident_versions", incident=incident):
                raise Refused({"grants": f"No incident has the id “{incident}”. Choose an incident of the list."})

    def _keep(self, user: User) -> None:
        self._book = _Book({**self._book.by_id, user.id: user}.values())


def still_proves(transaction: Transaction, proven: Credential) -> bool:
    """Whether this is the password of its user even now."""
    known = _credential(transaction.rows("credential", user=proven.user))
    return known is not None and known.password == proven.password


class _Book:
    """Users by what they are asked for by."""

    def __init__(self, users: Iterable[User]):
        self.by_id = {user.id: user for user in users}
        self.by_name = {_key(user): user for user in self.by_id.values()}

    def named(self, typed: str) -> User | None:
        return self.by_name.get((Way.PROVIDER, typed)) or self.by_name.get((Way.LOCAL, sign_in_key(typed)))


def _key(user: User) -> tuple[Way, str]:
    # To a provider two subjects that differ in case are two people.
    return user.way, sign_in_key(user.sign_in_name) if user.way is Way.LOCAL else user.sign_in_name


def _opens(known: Credential, digest: str, now: datetime) -> bool:
    """Whether a link with this digest is open."""
    if known.set_up is None or known.set_up_until is None or now >= known.set_up_until:
        return False
    return hmac.compare_digest(known.set_up.encode(), digest.encode())


def _write(transaction: Transaction, credential: Credential) -> None:
    transaction.write("erase_credentials", user=credential.user)
    transaction.write("add_credential", **asdict(credential))


def _order_of_grants(grant: Grant) -> tuple[str, str, str]:
    return grant.role, grant.service, grant.incident or ""


def _user(row: dict[str, Any]) -> User:
    return User(
        id=row["user_id"],
        way=Way(row["way"]),
        sign_in_name=row["sign_in_name"],
        name=row["name"],
        service=row["service"],
        grants=frozenset(Grant(Role(one["role"]), one["service"], one["incident"]) for one in row["grants"]),
        blocked=row["blocked"],
    )


def _signature(by: Officer | None) -> dict[str, str | None]:
    """Who recorded a version. The columns are named apart from those of the user that the version is about."""
    if by is None:
        return dict.fromkeys(("officer", "role", "officer_service", "officer_user"))
    return {"officer": by.name, "role": by.role, "officer_service": by.service, "officer_user": by.user}


def _officer(row: dict[str, Any]) -> Officer | None:
    if row["officer"] is None:
        return None
    return Officer(row["officer"], row["role"], row["officer_service"], row["officer_user"])


def _credential(rows: list[dict[str, Any]]) -> Credential | None:
    if not rows:
        return None
    (row,) = rows
    return Credential(user=row.pop("user_id"), **row)
