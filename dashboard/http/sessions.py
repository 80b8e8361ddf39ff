"""Sessions of browsers: started by a sign-in, asked for with every request, ended at once where somebody says so.

The browser's signed cookie holds a random token and nothing of the person; the store knows its digest. A session ends
by itself when nobody has touched the browser for a while, and when it is old, whatever it is used for.
"""

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user

from dashboard.browser_input import committed
from dashboard.signed_in import SignedIn, person
from models.clock import Clock
from models.domain.audit import AuditedSignIn, AuditKind, AuditNote
from models.domain.users import Credential, Ended, Session, User, Way
from models.server_settings import ServerSettings
from models.sign_in.links import digest_of, new_token
from models.sign_in.session_ages import SessionAges, ended_by_age
from models.store import Store

COOKIE = "grapevine-session"
# In the cookie of a browser whose session ended otherwise than by its own sign-out: why.
WHY = "ended"
# What the sign-in page says once more: what was done, or what went wrong on the way.
NOTE = "note"
PROBLEM = "problem"


class Sessions:
    """The sessions of a server. `clock` tells true time, whatever the time on the screens."""

    def __init__(self, store: Store, ages: SessionAges, clock: Clock):
        self.now = clock.now
        self.settings = ServerSettings()
        self._store = store
        self._ages = ages

    def register(self, server: Flask, secret: bytes, settings: ServerSettings) -> None:
        """Let Flask-Login find who asks. Where people come by https, cookies go by nothing else."""
        self.settings = settings
        server.secret_key = secret
        server.config.update(
            SESSION_COOKIE_NAME=settings.cookie(COOKIE),
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SECURE=settings.is_https,
            # Not Strict: the way back from a provider's own pages comes from another site.
            SESSION_COOKIE_SAMESITE="Lax",
        )
        manager = LoginManager()
        # Addresses change on the way through a service's network, and the token cannot be guessed.
        manager.session_protection = None
        manager.init_app(server)
        manager.user_loader(self._load)

    def start(
        self,
        user: User,
        way: Way,
        device: str,
        provider_session: str | None = None,
        proven: Credential | None = None,
    ) -> SignedIn:
        """Sign somebody in at the browser that asks, in a session that nothing of before is part of.

        Raises Refused where they may not sign in, or no longer by what they have `proven`.
        """
        self.end(Ended.SIGNED_OUT)
        token, now = new_token(), self.now()
        started = Session(digest_of(token), user.id, way, device, now, now, provider_session=provider_session)
        committed(lambda: self._store.sessions.start(started, proven))
        session.clear()
        signed_in = SignedIn(user, started, token)
        login_user(signed_in)
        return signed_in

    def end(self, why: Ended) -> None:
        """End the session of the browser that asks, if it has one."""
        found = person()
        if found is not None:
            self._store.sessions.end(found.session.id, why).result()
        logout_user()
        session.clear()

    def touched(self) -> None:
        """Note that somebody is at the browser that asks."""
        found = person()
        if found is not None:
            self._store.sessions.seen(found.session.id, self.now())

    def refused(self, what: AuditedSignIn, user: User | None, why: str) -> None:
        """Enter in the audit that somebody could not sign in; `user` is whom they said to be, where there is one."""
        note = AuditNote(AuditKind.SIGN_IN, what, None, subject=user.id if user else None, reason=why)
        committed(lambda: self._store.audit.note(note))

    def _load(self, token: str) -> SignedIn | None:
        digest = digest_of(token)
        found = self._store.sessions.live(digest)
        if found is None:
            return self._gone(self._store.sessions.ended(digest))
        why = ended_by_age(found, self.now(), self._ages)
        if why is not None:
            self._store.sessions.end(found.id, why)
            return self._gone(why)
        user = self._store.users.get(found.user)
        if user is None or user.blocked:
            return None
        return SignedIn(user, found, token)

    def _gone(self, why: Ended | None) -> None:
        """Nobody is signed in at the browser that asks. It keeps why, for the sign-in page, and not the token."""
        session.pop("_user_id", None)
        if why is not None:
            session[WHY] = why.value
