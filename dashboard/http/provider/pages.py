"""GET /sign-in/provider and /sign-in/provider/back, POST /sign-out/provider: to the service's own sign-in and back.

Whatever is wrong with an answer, nobody is signed in, the sign-in page says why in a sentence, and the audit has it.
"""

import logging

from flask import Flask, Response, abort, jsonify, redirect, request, session

from dashboard.browser_input import NotConfirmed, log_in_one_line, words
from dashboard.http.devices import device_of
from dashboard.http.plain_pages import plain_page
from dashboard.http.provider.attempts import Attempt, Attempts
from dashboard.http.provider.documents import ProviderAway, ProviderRefuses, error_in
from dashboard.http.provider.people import Blocked, NoRole, NotAdmitted, ProviderPeople
from dashboard.http.sessions import NOTE, PROBLEM, Sessions
from dashboard.http.sign_in import page_asked
from dashboard.paths import FROM_PROVIDER, PROVIDER_SAYS, SIGN_IN, TO_PROVIDER, rooted
from dashboard.signed_in import SignedIn, person
from dashboard.words import audit as audit_words
from dashboard.words import provider as provider_words
from models.domain.audit import AuditedSignIn
from models.domain.users import User, Way
from models.errors import Refused
from models.server_settings import ServerSettings
from models.sign_in.groups import GroupsElsewhere
from models.sign_in.id_tokens import TokenRefused

log = logging.getLogger(__name__)

LONGEST_CODE = 8_000
LONGEST_LOGOUT_TOKEN = 16_000


class _NotSignedIn(Exception):
    """Why somebody who came back is not let in: in a sentence for them, in a few words for the audit."""

    def __init__(self, told: str, entered: str, user: User | None = None):
        super().__init__(entered)
        self.told = told
        self.entered = entered
        self.user = user


class ProviderPages:
    """The way in by the provider of `people`, and the way out; without `people` there is none."""

    def __init__(self, people: ProviderPeople | None, sessions: Sessions, secret: bytes, settings: ServerSettings):
        self._people = people
        self._sessions = sessions
        self._attempts = Attempts(secret)
        self._public_url = settings.public_url

    @property
    def is_on(self) -> bool:
        return self._people is not None

    @property
    def name(self) -> str:
        """What people read of the provider; "" where there is none."""
        return self._people.client.settings.called if self._people is not None else ""

    @property
    def is_away(self) -> bool:
        """Whether it did not answer lately. Asks nobody."""
        return self._people is not None and self._people.client.documents.away_since is not None

    def is_waited_for(self) -> bool:
        """Whether the browser that comes back now was sent by us."""
        return request.path == FROM_PROVIDER and self._attempts.is_begun(session, words(request.args.get("state")))

    def register(self, server: Flask) -> None:
        @server.get(TO_PROVIDER)
        def go() -> Response:
            return self._go(page_asked(request.args.get("next")))

        @server.get(FROM_PROVIDER)
        def come_back() -> Response:
            return self._come_back()

        @server.post(PROVIDER_SAYS)
        def signed_out_there() -> tuple[Response, int]:
            return self._signed_out_there()

    def way_out(self, left: SignedIn) -> Response:
        """The page that ends a session at the provider, too, once it has ended here."""
        address = self._asked().way_out(left.session.id, f"{self._base()}{SIGN_IN}")
        if address is None:
            session[NOTE] = provider_words.still_there(self.name)
            return redirect(rooted(SIGN_IN), 303)
        session[NOTE] = provider_words.LEFT
        # A page, since a browser follows no redirect of a form to another host: form-action in the content policy.
        return plain_page(
            "leaving", title=provider_words.LEAVING_TITLE, name=self.name, address=address, provider=provider_words
        )

    def _go(self, going_to: str) -> Response:
        people = self._asked()
        if person() is not None:
            return redirect(rooted(going_to), 303)
        session.pop(PROBLEM, None)
        attempt = self._attempts.begin(session, going_to, self._sessions.now())
        try:
            address = people.client.way_in(
                self._redirect_uri(), state=attempt.state, nonce=attempt.nonce, verifier=attempt.verifier
            )
        except ProviderAway:
            session[PROBLEM] = provider_words.away(self.name)
            return redirect(rooted(SIGN_IN), 303)
        return redirect(address, 303)

    def _come_back(self) -> Response:
        people = self._asked()
        try:
            attempt = self._answered()
            self._let_in(people, attempt)
        except _NotSignedIn as refused:
            self._sessions.refused(AuditedSignIn.REFUSED, refused.user, refused.entered)
            session[PROBLEM] = refused.told
            return redirect(rooted(SIGN_IN), 303)
        return redirect(rooted(attempt.next), 303)

    def _answered(self) -> Attempt:
        """The attempt of this browser that the answer belongs to. Raises _NotSignedIn."""
        attempt = self._attempts.take(session, words(request.args.get("state")), self._sessions.now())
        if attempt is None:
            raise _NotSignedIn(provider_words.late(self.name), audit_words.NOT_THIS_BROWSER)
        return attempt

    def _let_in(self, people: ProviderPeople, attempt: Attempt) -> None:
        """Sign in whom the provider vouches for. Raises _NotSignedIn."""
        client = people.client
        try:
            if not client.is_named(request.args.get("iss")):
                raise _NotSignedIn(provider_words.elsewhere(self.name), audit_words.OTHER_ISSUER)
            tokens = client.tokens_for(self._code(), attempt.verifier, self._redirect_uri())
            claims = client.claims(tokens, attempt.nonce)
            user = people.admitted(claims)
            sid = claims.get("sid")
            begun = self._sessions.start(
                user,
                Way.PROVIDER,
                device_of(request.user_agent.string),
                provider_session=sid if isinstance(sid, str) and sid else None,
            )
        except _WHY_NOT as error:
            raise _not_signed_in(self.name, error) from None
        people.keep(begun.session.id, claims, tokens)

    def _code(self) -> str:
        """What the provider gave the browser to bring. Raises _NotSignedIn where it gave none."""
        code = words(request.args.get("code"))
        if code and len(code) <= LONGEST_CODE and "error" not in request.args:
            return code
        error = error_in(request.args) or "no code"
        is_cancelled = error == "access_denied"
        told = provider_words.cancelled(self.name) if is_cancelled else provider_words.refuses(self.name, error)
        raise _NotSignedIn(told, audit_words.PROVIDER_REFUSES.format(error=error))

    def _signed_out_there(self) -> tuple[Response, int]:
        people = self._asked()
        token = words(request.form.get("logout_token"))
        try:
            if not token or len(token) > LONGEST_LOGOUT_TOKEN:
                return jsonify({"error": "invalid_request"}), 400
            people.sign_out(token)
        except TokenRefused as error:
            log.warning("a sign-out that the provider is said to send was not taken: %s", error)
            return jsonify({"error": "invalid_request"}), 400
        except (ProviderAway, NotConfirmed) as error:
            log_in_one_line("a sign-out at the provider could not be taken", error)
            return jsonify({"error": "temporarily_unavailable"}), 503
        return jsonify({}), 200

    def _asked(self) -> ProviderPeople:
        if self._people is None:
            abort(404)
        return self._people

    def _redirect_uri(self) -> str:
        return f"{self._base()}{FROM_PROVIDER}"

    def _base(self) -> str:
        # Without a public address only this computer is answered, by its own names: the guard has looked.
        return self._public_url or f"{request.scheme}://{request.host}"


_WHY_NOT = (ProviderAway, ProviderRefuses, TokenRefused, GroupsElsewhere, NotAdmitted, Refused, NotConfirmed)


def _not_signed_in(name: str, error: Exception) -> _NotSignedIn:
    """One of _WHY_NOT in a sentence and in a few words; `name` is what the provider is called."""
    match error:
        case ProviderAway():
            return _NotSignedIn(provider_words.away(name), audit_words.PROVIDER_AWAY)
        case ProviderRefuses():
            entered = audit_words.PROVIDER_REFUSES.format(error=error.error)
            return _NotSignedIn(provider_words.refuses(name, error.error), entered)
        case TokenRefused():
            entered = audit_words.NOT_PROVEN.format(fault=error.fault)
            return _NotSignedIn(provider_words.not_proven(name, error.fault), entered)
        case GroupsElsewhere():
            return _NotSignedIn(provider_words.too_many_groups(name), audit_words.TOO_MANY_GROUPS)
        case Blocked():
            return _NotSignedIn(provider_words.blocked(), audit_words.BLOCKED, error.user)
        case NoRole():
            told = provider_words.no_role(name, says_groups=error.says_groups)
            return _NotSignedIn(told, audit_words.NO_MAPPED_GROUP, error.user)
        case Refused():
            return _NotSignedIn(" ".join(error.problems.values()), audit_words.NOT_RECORDED)
    return _NotSignedIn(str(error), audit_words.NOT_RECORDED)
