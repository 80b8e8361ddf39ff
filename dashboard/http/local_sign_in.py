"""GET and POST /sign-in/code and /set-up, and the password that POST /sign-in brings: local people prove themselves.

A password is looked at only where not too many wrong ones were tried, and takes as long for a name that nobody has.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask, Response, redirect, request, session

from dashboard.browser_input import committed, words
from dashboard.http.devices import device_of
from dashboard.http.plain_pages import plain_page
from dashboard.http.sessions import NOTE, Sessions
from dashboard.paths import SET_UP, SIGN_IN, SIGN_IN_CODE, rooted
from dashboard.words import audit as audit_words
from dashboard.words import sign_in as sign_in_words
from models.clock import utc_time
from models.domain.acts import Officer
from models.domain.audit import AuditedSignIn
from models.domain.users import Credential, User, Way
from models.errors import Refused
from models.limits import LONGEST_NAME
from models.sign_in.codes import step_of_code
from models.sign_in.links import digest_of
from models.sign_in.lockout import Lockout, device_cookie_name
from models.sign_in.passwords import Passwords, check_new_password
from models.sign_in.sealing import Seal
from models.store import Store

# In the cookie of a browser that has given a right password and owes a code: whose, until when, and where it goes.
_OWES_CODE = "owes_code"
CODE_LASTS = timedelta(minutes=5)
DEVICE_COOKIE_DAYS = 180


class LocalSignIn:
    """Proves local people by what they know and have. `secret` is the key of the data folder."""

    def __init__(self, store: Store, sessions: Sessions, secret: bytes):
        self.passwords = Passwords()
        self.seal = Seal(secret)
        self._lockout = Lockout(secret)
        self._store = store
        self._sessions = sessions

    def register(self, server: Flask) -> None:
        @server.get(SIGN_IN_CODE)
        def show_code() -> Response:
            return self._code_page() if self._owing() else redirect(rooted(SIGN_IN), 303)

        @server.post(SIGN_IN_CODE)
        def take_code() -> Response:
            return self._try_code(words(request.form.get("code")))

        @server.get(SET_UP)
        def show_set_up() -> Response:
            return self._set_up_page(words(request.args.get("token")))

        @server.post(SET_UP)
        def set_up() -> Response:
            form = request.form
            return self._set_up(words(form.get("link")), words(form.get("password")), words(form.get("again")))

    def try_password(
        self, name: str, password: str, going_to: str, again: Callable[[str, int], Response]
    ) -> Response:
        """The way on where name and password belong together; else `again(problem, status)`, the page once more."""
        now, cookie = self._sessions.now(), self._device_cookie(name)
        user, until = self._store.users.named(name), self._lockout.begin(name, cookie, now)
        if until is not None:
            self._sessions.refused(AuditedSignIn.LOCKED, user, audit_words.TOO_MANY_WRONG)
            return again(sign_in_words.locked(_minutes(until - now)), 429)
        try:
            credential = self._proven(user, password)
        except Refused as busy:
            self._lockout.was_right(name, cookie)
            return again(str(busy), 503)
        if user is None or credential is None:
            self._sessions.refused(AuditedSignIn.REFUSED, user, _why_refused(user))
            return again(sign_in_words.WRONG, 403)
        if credential.second_factor is None:
            return self._welcome(user, credential, name, going_to)
        # The attempt stays counted until the code is right: a stolen password makes no code guessable.
        until = now + CODE_LASTS
        session[_OWES_CODE] = {
            "user": user.id,
            "until": until.isoformat(),
            "next": going_to,
            "name": name,
            "proven": digest_of(credential.password or ""),
        }
        return redirect(rooted(SIGN_IN_CODE), 303)

    def is_expected(self) -> bool:
        """Whether the browser that asks has proven something before: it is no stranger's."""
        if request.path == SET_UP:
            return self._of_link(words(request.form.get("link"))) is not None
        if request.path == SIGN_IN_CODE:
            return self._owing() is not None
        name = words(request.form.get("name"))[:LONGEST_NAME]
        return self._lockout.knows(name, self._device_cookie(name))

    def proven(self, user: User, password: str, code: str) -> Credential | None:
        """What somebody who is signed in proves themself by, where this is their password and, if they have a second
        factor, a code of it that was not used yet. Raises Refused where busy.

        Wrong ones are counted as at the sign-in: a browser left open is no place to guess at.
        """
        name = user.sign_in_name
        cookie = self._device_cookie(name)
        if self._lockout.begin(name, cookie, self._sessions.now()) is not None:
            self._sessions.refused(AuditedSignIn.LOCKED, user, audit_words.TOO_MANY_WRONG)
            return None
        found = self._proven(user, password)
        if found is not None and found.second_factor is not None:
            step = self.step_of(found, code)
            is_new = step is not None and committed(lambda: self._store.users.use_code(user.id, step))
            found = replace(found, last_code=step) if is_new else None
        if found is None:
            self._sessions.refused(AuditedSignIn.REFUSED, user, audit_words.WRONG_ON_ACCOUNT)
        else:
            self._lockout.was_right(name, cookie)
        return found

    def _proven(self, user: User | None, password: str) -> Credential | None:
        credential = self._credential(user)
        if not self.passwords.fits(credential.password if credential else None, password) or credential is None:
            return None
        return self._renewed(credential, password) if self.passwords.is_outdated(credential.password) else credential

    def _renewed(self, credential: Credential, password: str) -> Credential | None:
        """The credential with a hash of today's making. Where it was changed meanwhile, that counts."""
        try:
            return self.changed(credential, None, password=self.passwords.hashed(password))
        except Refused:
            known = self._store.users.credential(credential.user)
            return known if known is not None and self.passwords.fits(known.password, password) else None

    def changed(self, credential: Credential, by: Officer | None, **changes: object) -> Credential:
        """Record what a user proves themself by from now on. Raises Refused where it was changed meanwhile."""
        new = replace(credential, **changes)
        return committed(lambda: self._store.users.set_credential(new, expected=credential, by=by))

    def step_of(self, credential: Credential, code: str) -> int | None:
        """The time step of a code that fits the user's second factor."""
        if credential.second_factor is None:
            return None
        return step_of_code(self.seal.opened(credential.second_factor, credential.user), code, self._sessions.now())

    def _try_code(self, code: str) -> Response:
        owing = self._owing()
        if owing is None:
            return redirect(rooted(SIGN_IN), 303)
        user, credential, name, going_to = owing
        now, cookie = self._sessions.now(), self._device_cookie(name)
        until = self._lockout.begin(name, cookie, now)
        if until is not None:
            self._sessions.refused(AuditedSignIn.LOCKED, user, audit_words.TOO_MANY_WRONG)
            return self._code_page(sign_in_words.locked(_minutes(until - now)), 429)
        step = self.step_of(credential, code)
        if step is None or not committed(lambda: self._store.users.use_code(user.id, step)):
            self._sessions.refused(AuditedSignIn.REFUSED, user, audit_words.WRONG_CODE)
            return self._code_page(sign_in_words.CODE_WRONG, 403)
        # That of the password, which was right as well.
        self._lockout.was_right(name, cookie)
        return self._welcome(user, credential, name, going_to)

    def _welcome(self, user: User, credential: Credential, name: str, going_to: str) -> Response:
        try:
            self._sessions.start(user, Way.LOCAL, device_of(request.user_agent.string), proven=credential)
        except Refused as refused:
            self._sessions.refused(AuditedSignIn.REFUSED, user, audit_words.CHANGED_MEANWHILE)
            session[NOTE] = " ".join(refused.problems.values())
            return redirect(rooted(SIGN_IN), 303)
        answer = redirect(rooted(going_to), 303)
        self._mark_device(answer, name, self._lockout.was_right(name, self._device_cookie(name)))
        return answer

    def _mark_device(self, answer: Response, name: str, cookie: str) -> None:
        answer.set_cookie(
            self._sessions.settings.cookie(device_cookie_name(name)),
            cookie,
            max_age=timedelta(days=DEVICE_COOKIE_DAYS),
            path=rooted("/"),
            httponly=True,
            secure=self._sessions.settings.is_https,
            samesite="Strict",
        )

    def _device_cookie(self, name: str) -> str | None:
        """What the browser that asks carries, if it signed in by this name before."""
        return request.cookies.get(self._sessions.settings.cookie(device_cookie_name(name)))

    def _owing(self) -> tuple[User, Credential, str, str] | None:
        """Who owes a code at this browser, beside the password that they gave; by which name, and where they go then.

        A password that no longer counts has to be given anew.
        """
        owes = session.get(_OWES_CODE)
        if not isinstance(owes, dict) or self._sessions.now() > utc_time(owes["until"]):
            return None
        user = self._store.users.get(owes["user"])
        credential = self._credential(user)
        if user is None or credential is None or digest_of(credential.password or "") != owes["proven"]:
            return None
        return user, credential, owes["name"], owes["next"]

    def _credential(self, user: User | None) -> Credential | None:
        """What somebody proves themself by, where they may sign in so."""
        if user is None or user.blocked or user.way is not Way.LOCAL:
            return None
        found = self._store.users.credential(user.id)
        return found if found is not None and found.password is not None else None

    def _code_page(self, problem: str = "", status: int = 200) -> Response:
        return plain_page("code", title=sign_in_words.CODE_TITLE, status=status, problem=problem)

    def _of_link(self, link: str) -> User | None:
        """Whose one-time link this is, while it is open."""
        return self._store.users.holder_of_set_up(digest_of(link), self._sessions.now())

    def _set_up_page(self, link: str, problems: tuple[str, ...] = (), status: int = 200) -> Response:
        user = self._of_link(link)
        if user is None:
            return plain_page("closed", title=sign_in_words.LINK_CLOSED_TITLE, status=410)
        return plain_page(
            "set_up",
            title=sign_in_words.SET_UP_TITLE,
            status=status,
            link=link,
            sign_in_name=user.sign_in_name,
            problems=problems,
        )

    def _set_up(self, link: str, password: str, again: str) -> Response:
        user = self._of_link(link)
        if user is None:
            return self._set_up_page(link)
        try:
            hashed = self.new_hash(user, password, again)
        except Refused as refused:
            return self._set_up_page(link, tuple(refused.problems.values()), 422)
        now = self._sessions.now()
        if not committed(lambda: self._store.users.use_set_up(user.id, digest_of(link), hashed, now)):
            return self._set_up_page("")
        session[NOTE] = sign_in_words.SET_UP_DONE
        answer = redirect(rooted(SIGN_IN), 303)
        # Whoever was let in by a link has a browser of their own, whatever others try meanwhile.
        self._mark_device(answer, user.sign_in_name, self._lockout.cookie_for(user.sign_in_name))
        return answer

    def new_hash(self, user: User, password: str, again: str) -> str:
        """The hash of a new password. Raises Refused where it will not do."""
        if password != again:
            raise Refused({"again": sign_in_words.NOT_THE_SAME})
        check_new_password(password, (user.name, user.sign_in_name, user.service))
        return self.passwords.hashed(password)


def _why_refused(user: User | None) -> str:
    """For the audit, without a word of what was typed: a password may stand where the name should."""
    if user is None:
        return audit_words.UNKNOWN_NAME
    return audit_words.BLOCKED if user.blocked else audit_words.WRONG_PASSWORD


def _minutes(time: timedelta) -> int:
    return max(1, -(-int(time.total_seconds()) // 60))
