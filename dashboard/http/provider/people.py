"""The people who come by the provider: made users by what it says, asked about again, and signed out with it.

What lets us ask again (the refresh tokens) is in memory only. After a restart a session goes on with the roles that
it had, until it ends here or at the provider.
"""

import logging
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dashboard.browser_input import NotConfirmed, committed, log_in_one_line
from dashboard.http.provider.client import ProviderClient, Tokens
from dashboard.http.provider.documents import ProviderAway, ProviderRefuses
from dashboard.words import audit as audit_words
from models.domain.users import Ended, User, Way
from models.errors import Refused
from models.sign_in.groups import GroupsElsewhere, grants_of, groups_in, provider_name, user_by
from models.sign_in.id_tokens import LEEWAY, LOGOUT_TOKEN_LASTS, TokenFault, TokenRefused, checked_subject
from models.sign_in.once import Once
from models.store import Store

log = logging.getLogger(__name__)

# How often the provider is asked about each session; and whether it answers, and whose turn it is.
ASKED_EVERY = timedelta(minutes=5)
LOOKS_EVERY_SECONDS = 30


class NotAdmitted(Exception):
    """The provider knows the person, but they may not come in. `user` is whom they are here, where they are known."""

    def __init__(self, user: User | None):
        super().__init__()
        self.user = user


class Blocked(NotAdmitted):
    pass


class NoRole(NotAdmitted):
    """None of their groups has a role. `says_groups`: the provider said which groups they are in."""

    def __init__(self, user: User | None, *, says_groups: bool):
        super().__init__(user)
        self.says_groups = says_groups


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a session can be asked about with, and when it was."""

    subject: str
    asked_at: datetime
    id_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)


class ProviderPeople:
    """Those who come by the provider that `client` asks, as `store` knows them."""

    def __init__(self, store: Store, client: ProviderClient):
        self.client = client
        self._store = store
        self._kept: dict[str, _Kept] = {}
        self._recording = threading.Lock()
        self._logouts = Once(LOGOUT_TOKEN_LASTS + 2 * LEEWAY)

    def admitted(self, claims: Mapping[str, Any]) -> User:
        """The user that the provider's claims are of, recorded where something about them is new.

        Raises Blocked and NoRole, GroupsElsewhere, and what a record may be refused with.
        """
        settings = self.client.settings
        groups = groups_in(claims, settings.groups_claim)
        incidents = {one.id for one in self._store.incidents.all()}
        # Two browsers of somebody new are one person.
        with self._recording:
            known = self._known(claims["sub"])
            if known is not None and known.blocked:
                raise Blocked(known)
            grants = grants_of(groups or (), settings.groups, incidents.__contains__)
            if not grants and known is None:
                raise NoRole(None, says_groups=groups is not None)
            user = user_by(claims, settings.issuer, grants, known, lambda: secrets.token_hex(8))
            if user != known:
                committed(lambda: self._store.users.record(user, None, audit_words.BY_PROVIDER))
        if not grants:
            # What they were here before ends, too.
            committed(lambda: self._store.sessions.end_all(user.id, Ended.AT_PROVIDER))
            raise NoRole(user, says_groups=groups is not None)
        return user

    def keep(self, session: str, claims: Mapping[str, Any], tokens: Tokens) -> None:
        """Keep what the provider gave for a session that begins."""
        self._kept[session] = _Kept(claims["sub"], self.client.now(), tokens.id_token, tokens.refresh_token)

    def way_out(self, session: str, back: str) -> str | None:
        """Where a session that ended here ends at the provider; None where the provider has no such place."""
        kept = self._kept.pop(session, None)
        return self.client.way_out(back, kept.id_token if kept else None)

    def sign_out(self, logout_token: str) -> int:
        """End the sessions of which the provider says that they ended there; how many. Raises TokenRefused."""
        said = self.client.ended(logout_token)
        if not self._logouts.is_first(said.token, self.client.now()):
            raise TokenRefused(TokenFault.REPLAYED)
        issuer = self.client.settings.issuer
        return committed(lambda: self._store.sessions.end_at_provider(issuer, said.subject, said.provider_session))

    def renew(self) -> None:
        """See whether the provider answers, and ask about each session whose turn it is; if it is away, all stays."""
        self.client.documents.look()
        for session, kept in list(self._kept.items()):
            if self._store.sessions.live(session) is None:
                self._kept.pop(session, None)
            elif kept.refresh_token is not None and self.client.now() - kept.asked_at >= ASKED_EVERY:
                try:
                    self._ask_again(session, kept, kept.refresh_token)
                except ProviderAway:
                    return

    def _ask_again(self, session: str, kept: _Kept, refresh_token: str) -> None:
        try:
            tokens = self._renewed(session, kept, refresh_token)
            claims = self.client.claims(tokens, None)
            if claims is None:
                return
            if checked_subject(claims) != kept.subject:
                raise TokenRefused(TokenFault.SUBJECT)
            self.admitted(claims)
        except NotAdmitted:
            # Their sessions have ended, and the audit says why.
            self._kept.pop(session, None)
        except ProviderRefuses as refused:
            if refused.error == "invalid_grant":
                # Their session at the provider has ended, or their account.
                self._kept.pop(session, None)
                committed(lambda: self._store.sessions.end(session, Ended.AT_PROVIDER))
            else:
                log.warning("the sign-in provider says nothing about a session: %s", refused.error)
        except (TokenRefused, GroupsElsewhere, Refused, NotConfirmed) as error:
            log_in_one_line("what the sign-in provider says of somebody was not taken", error)

    def _renewed(self, session: str, kept: _Kept, refresh_token: str) -> Tokens:
        asked = replace(kept, asked_at=self.client.now())
        self._kept[session] = asked
        tokens = self.client.renewed(refresh_token)
        # A refresh token may work once only: the next one is kept before anything else can go wrong.
        self._kept[session] = replace(
            asked, id_token=tokens.id_token or kept.id_token, refresh_token=tokens.refresh_token or refresh_token
        )
        return tokens

    def _known(self, subject: str) -> User | None:
        found = self._store.users.named(provider_name(self.client.settings.issuer, subject))
        return found if found is not None and found.way is Way.PROVIDER else None
