"""GET /account and its POSTs: where a person is signed in, their password and their second factor."""

from dataclasses import dataclass

from flask import Flask, Response, redirect, request, session

from dashboard.browser_input import committed, words
from dashboard.http.local_sign_in import LocalSignIn
from dashboard.http.plain_pages import plain_page
from dashboard.http.sessions import Sessions
from dashboard.paths import ACCOUNT, rooted
from dashboard.signed_in import SignedIn, required
from dashboard.words import sign_in as sign_in_words
from dashboard.words.local_time import exact
from models.domain.users import Credential, Ended, User, Way
from models.errors import Refused
from models.people.users import officer_of
from models.sign_in.codes import new_secret, otpauth_address, qr_code
from models.store import Store

# In the cookie of a browser whose person turns the second factor on: its sealed secret, until a code proves it.
_NEW_FACTOR = "new_factor"
_NOTE = "note"


def register(server: Flask, store: Store, sessions: Sessions, local: LocalSignIn) -> None:
    account = _Account(store, sessions, local)

    @server.get(ACCOUNT)
    def show_account() -> Response:
        return account.page()

    @server.post(f"{ACCOUNT}/end-session")
    def end_session() -> Response:
        return account.end_session(words(request.form.get("session")))

    @server.post(f"{ACCOUNT}/password")
    def change_password() -> Response:
        form = request.form
        new = words(form.get("password")), words(form.get("again"))
        return account.change_password(words(form.get("now")), words(form.get("code")), *new)

    @server.post(f"{ACCOUNT}/second-factor")
    def second_factor() -> Response:
        form = request.form
        return account.second_factor(words(form.get("press")), words(form.get("now")), words(form.get("code")))


@dataclass(frozen=True)
class _Account:
    store: Store
    sessions: Sessions
    local: LocalSignIn

    def page(self, problem: str = "", status: int = 200) -> Response:
        me = required()
        live = [one for one in self.store.sessions.of(me.user.id) if one.ended is None]
        credential = self.store.users.credential(me.user.id)
        return plain_page(
            "account",
            title=sign_in_words.ACCOUNT_TITLE,
            status=status,
            wide=True,
            user=me.user,
            note=session.pop(_NOTE, ""),
            problems=[problem] if problem else [],
            sessions=[
                {
                    "id": one.id,
                    "device": one.device,
                    "started": exact(one.started_at),
                    "seen": exact(one.seen_at),
                    "here": one.id == me.session.id,
                }
                for one in live
            ],
            kept_elsewhere=_KEPT_ELSEWHERE.get(me.user.way, ""),
            has_factor=credential is not None and credential.second_factor is not None,
            factor=self._new_factor(me.user),
        )

    def end_session(self, which: str) -> Response:
        """End one of the person's own sessions, or all but this one."""
        me = required()
        if which == "others":
            committed(lambda: self.store.sessions.end_all(me.user.id, Ended.BY_THEMSELVES, keep=me.session.id))
            return self._done(sign_in_words.OTHERS_GONE)
        if which in {one.id for one in self.store.sessions.of(me.user.id)}:
            committed(lambda: self.store.sessions.end(which, Ended.BY_THEMSELVES))
        return self._done(sign_in_words.SESSION_GONE)

    def change_password(self, now: str, code: str, password: str, again: str) -> Response:
        me = required()
        try:
            credential = self._proven(me, now, code)
            hashed = self.local.new_hash(me.user, password, again)
            self.local.changed(credential, officer_of(me.user), password=hashed)
        except Refused as refused:
            return self.page(" ".join(refused.problems.values()), 422)
        committed(lambda: self.store.sessions.end_all(me.user.id, Ended.BY_THEMSELVES, keep=me.session.id))
        return self._done(sign_in_words.PASSWORD_CHANGED)

    def second_factor(self, press: str, now: str, code: str) -> Response:
        me = required()
        try:
            note = self._change_factor(me, self._proven(me, now, code), press, code)
        except Refused as refused:
            return self.page(" ".join(refused.problems.values()), 422)
        return self._done(note)

    def _change_factor(self, me: SignedIn, credential: Credential, press: str, code: str) -> str:
        """What was done about the second factor, in words; "" where there is a step more to do. Raises Refused."""
        by = officer_of(me.user)
        if press == "begin" and credential.second_factor is None:
            session[_NEW_FACTOR] = self.local.seal.sealed(new_secret(), me.user.id)
        if press == "save" and session.get(_NEW_FACTOR):
            new = Credential(me.user.id, second_factor=session[_NEW_FACTOR])
            step = self.local.step_of(new, code)
            if step is None:
                raise Refused({"code": sign_in_words.CODE_WRONG})
            self.local.changed(credential, by, second_factor=session.pop(_NEW_FACTOR), last_code=step)
            return sign_in_words.FACTOR_TURNED_ON
        if press == "end":
            self.local.changed(credential, by, second_factor=None, last_code=None)
            return sign_in_words.FACTOR_TURNED_OFF
        return ""

    def _proven(self, me: SignedIn, password: str, code: str) -> Credential:
        """What the person proves themself by, once they have done so again as at the sign-in. Raises Refused."""
        known = self.store.users.credential(me.user.id)
        credential = self.local.proven(me.user, password, code)
        if credential is None:
            has_factor = known is not None and known.second_factor is not None
            raise Refused({"now": sign_in_words.CURRENT_WRONG_EITHER if has_factor else sign_in_words.CURRENT_WRONG})
        return credential

    def _new_factor(self, user: User) -> dict[str, str] | None:
        sealed = session.get(_NEW_FACTOR)
        if not sealed:
            return None
        secret = self.local.seal.opened(sealed, user.id)
        return {"picture": qr_code(otpauth_address(secret, user.sign_in_name, user.service)), "key": secret}

    def _done(self, note: str) -> Response:
        session[_NOTE] = note
        return redirect(rooted(ACCOUNT), 303)


_KEPT_ELSEWHERE = {Way.PROVIDER: sign_in_words.OF_PROVIDER, Way.CHOSEN: sign_in_words.OF_REPLAY}
