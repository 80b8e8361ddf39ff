"""What any engine of the store must keep of who may sign in; part of `protocol.py`, whose rules hold here.

Users and live sessions are asked for with every request of every browser: each engine keeps them in memory, equal to
what is committed, and answers from there. Sessions and credentials are in no view: writing them leaves
`views.version` as it is.
"""

from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from models.domain.acts import Officer
from models.domain.users import Credential, Ended, Session, User, UserVersion


class UserStore(Protocol):
    """Who may sign in, in versions, and what local users prove themselves by."""

    def record(self, user: User, by: Officer | None, reason: str | None, request: str | None = None) -> Future[User]:
        """Add a user, or record the next version; a blocked user's sessions end with it.

        Gives the user as recorded. Raises Refused, by field: no name, no service, a sign-in name that another has.
        """

    def get(self, user: str) -> User | None:
        """A user by id, from memory."""

    def named(self, sign_in_name: str) -> User | None:
        """A user by what is typed to sign in (case does not matter), or by "ISSUER SUBJECT"; from memory."""

    def all(self) -> list[User]:
        """Every user as the latest version says, by service and name."""

    def versions(self, user: str) -> list[UserVersion]:
        """What was recorded of a user, the latest first."""

    def credential(self, user: str) -> Credential | None:
        """What a local user proves themself by; None where nothing was set up."""

    def set_credential(
        self, credential: Credential, *, expected: Credential | None = None, by: Officer | None = None
    ) -> Future[Credential]:
        """Record what a user proves themself by from now on. The secrets of the former one are erased.

        `expected` is what counted when this change was thought of; None: whatever counts. `by` is who changes it, and
        is entered in the audit; None where nobody decides, as when a hash is made anew.
        Each text is kept as it is given: whoever gives a secret that is to be read again has sealed it.
        Raises Refused where there is no such user, or where something else counts than what is expected.
        """

    def holder_of_set_up(self, digest: str, now: datetime) -> User | None:
        """Whose one-time link has this digest, while it is open and they are not blocked."""

    def use_code(self, user: str, step: int) -> Future[bool]:
        """Note that the code of a time step was used; False where it, or a later one, was used before.

        False too where the user has no second factor.
        """

    def use_set_up(self, user: str, digest: str, password: str, now: datetime) -> Future[bool]:
        """Close a one-time link by setting the password hash; False where it is not open (any more).

        The second factor stays as it is. A blocked user has no open link.
        """


class SessionStore(Protocol):
    """Sign-ins, live and ended."""

    def start(self, session: Session, proven: Credential | None = None) -> Future[Session]:
        """Record a sign-in, once: the same id again changes nothing and gives what stands.

        `proven` is what the user proved themself by, if by anything that is kept here.
        Raises Refused where nobody may sign in as this user: there is none, they are blocked, or another password
        counts by now.
        """

    def live(self, session: str) -> Session | None:
        """A session that has not ended, from memory. Whether it is too old is for the caller to say."""

    def seen(self, session: str, at: datetime) -> None:
        """Note that its browser asked for something. Kept in memory, and saved about once a minute.

        A checkpoint and closing save it too. A moment before the last one changes nothing, nor does a session that
        has ended.
        """

    def ended(self, session: str) -> Ended | None:
        """Why a session ended; None where it has not, or where there is none."""

    def end(self, session: str, why: Ended, by: Officer | None = None) -> Future[bool]:
        """End one at once; False where it had ended."""

    def end_all(self, user: str, why: Ended, by: Officer | None = None, keep: str | None = None) -> Future[int]:
        """End every live session of a user at once, but for one; how many."""

    def end_at_provider(self, issuer: str, subject: str | None, provider_session: str | None) -> Future[int]:
        """End the sessions that a provider says have ended: one by its name, or all of a subject; how many."""

    def of(self, user: str) -> list[Session]:
        """A user's sessions, the latest first."""

    def all_live(self) -> list[Session]:
        """All that have not ended, the latest first; from memory."""
