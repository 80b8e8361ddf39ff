"""What `grapevine user` asks: who may sign in, one-time links, sessions. The door for it is in command_api.py.

`user_asked` gives the same answers on a store that the command opened itself: whoever can read the data folder may
add the first administrator, and open a door again for one who is locked out.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.access import SystemAct, asserted, check
from dashboard.browser_input import NotConfirmed, committed, fields, request_name, words
from dashboard.http.command_api import incident_named
from models.clock import Clock, iso_utc
from models.domain.acts import Officer
from models.domain.users import Credential, Ended, Grant, Session, User, Way
from models.errors import Refused
from models.limits import LONGEST_NAME, too_long
from models.people.checks import checked_reason
from models.people.users import role_called, sign_in_key
from models.sign_in.links import SET_UP_LASTS, digest_of, new_token, set_up_path
from models.store import Store

Answer = dict[str, Any]

KEPT_BY_PROVIDER = (
    "The service's provider says what this person is called and may do. Change it there, or shut them out here with "
    "`grapevine user block`."
)


@dataclass(frozen=True)
class _Asking:
    """What is asked, of which store and by whom. `address` is that of the server, "" where none runs."""

    store: Store
    clock: Clock
    asked: Mapping[str, Any]
    by: Officer
    reason: str
    address: str

    def user(self) -> User:
        return user_named(self.store, self.asked.get("user"))

    def record(self, user: User) -> User:
        """Record a version of a user; where nothing about them changes, it says who did something and why."""
        return committed(lambda: self.store.users.record(user, self.by, self.reason, request_name(self.asked)))


def user_asked(store: Store, clock: Clock, asked: Any, address: str = "") -> tuple[int, Answer]:
    """The HTTP status and the answer to what is `asked`. `clock` tells true time: links and sessions go by it."""
    asked = fields(asked)
    do = words(asked.get("do"))
    try:
        if do == "list":
            return 200, {"users": [payload_of(store, one) for one in store.users.all()]}
        if do == "sessions":
            found = user_named(store, asked.get("user"))
            return 200, {"sessions": [_session_payload(one) for one in store.sessions.of(found.id)]}
        if do not in _ACTS:
            raise Refused({"do": "This server does not know what is asked. Use the same version for both."})
        by, reason = asserted(asked.get("officer")), checked_reason(words(asked.get("reason")))
        check(by, SystemAct.KEEP_USERS)
        return 200, _ACTS[do](_Asking(store, clock, asked, by, reason, address))
    except Refused as refused:
        return 422, {"problems": refused.problems}
    except NotConfirmed as error:
        return 503, {"problems": {"server": str(error)}}


def user_named(store: Store, named: Any) -> User:
    """The user that a command means, by sign-in name, name or id. Raises Refused where it is none, or not one."""
    name = words(named).strip()
    if problem := too_long("the name", name, LONGEST_NAME):
        raise Refused({"user": problem})
    known = store.users.named(name) or store.users.get(name)
    found = [known] if known else [one for one in store.users.all() if sign_in_key(one.name) == sign_in_key(name)]
    if not found:
        raise Refused({"user": f"Nobody is called “{name}”. `grapevine user list` lists everybody."})
    if len(found) > 1:
        raise Refused({"user": "Several people have this name. Use a sign-in name from `grapevine user list`."})
    return found[0]


def payload_of(store: Store, user: User) -> Answer:
    """A user as a command prints them."""
    credential = store.users.credential(user.id)
    return {
        "id": user.id,
        "name": user.name,
        "sign_in_name": user.sign_in_name,
        "service": user.service,
        "way": user.way.value,
        "blocked": user.blocked,
        "set_up": user.way is Way.PROVIDER or bool(credential and credential.password),
        "second_factor": bool(credential and credential.second_factor),
        "sessions": sum(one.user == user.id for one in store.sessions.all_live()),
        "roles": [
            {"role": grant.role.value, "service": grant.service, "incident": grant.incident}
            for grant in sorted(user.grants, key=lambda one: (one.service, one.incident or "", one.role))
        ],
    }


def _session_payload(session: Session) -> Answer:
    return {
        "device": session.device,
        "started_at": iso_utc(session.started_at),
        "seen_at": iso_utc(session.seen_at),
        "ended": session.ended.value if session.ended else None,
    }


def _add(asking: _Asking) -> Answer:
    given = fields(asking.asked.get("fields"))
    service = words(given.get("service"))
    user = User(
        id=secrets.token_hex(8),
        way=Way.LOCAL,
        sign_in_name=words(given.get("sign_in_name")),
        name=words(given.get("name")),
        service=service,
        grants=_grants(asking.store, given, service),
    )
    return _with_link(asking, asking.record(user))


def _change(asking: _Asking) -> Answer:
    user, given = asking.user(), fields(asking.asked.get("fields"))
    if user.way is Way.PROVIDER and given:
        # It would be undone the next time that the provider is asked.
        raise Refused({"user": KEPT_BY_PROVIDER})
    changes = {name: words(given[name]) for name in ("name", "sign_in_name", "service") if name in given}
    changed = replace(user, **changes)
    if "roles" in given:
        service = words(given.get("for")) or changed.service
        incident = _incident(asking.store, given)
        others = {one for one in user.grants if (one.service, one.incident) != (service, incident)}
        changed = replace(changed, grants=frozenset(others | _grants(asking.store, given, service)))
    return _told(asking, asking.record(changed))


def _block(asking: _Asking) -> Answer:
    return _told(asking, asking.record(replace(asking.user(), blocked=True)))


def _unblock(asking: _Asking) -> Answer:
    return _told(asking, asking.record(replace(asking.user(), blocked=False)))


def _link(asking: _Asking) -> Answer:
    user = asking.user()
    if user.way is Way.PROVIDER:
        raise Refused({"user": "This person signs in by the service's provider and has no password here."})
    if user.blocked:
        raise Refused({"user": f"{user.name} is blocked. Unblock them first: `grapevine user unblock`."})
    return _with_link(asking, asking.record(user))


def _sign_out(asking: _Asking) -> Answer:
    user = asking.record(asking.user())
    ended = committed(lambda: asking.store.sessions.end_all(user.id, Ended.BY_OTHERS, asking.by))
    return _told(asking, user, ended=ended)


_ACTS: Mapping[str, Callable[[_Asking], Answer]] = {
    "add": _add,
    "change": _change,
    "block": _block,
    "unblock": _unblock,
    "link": _link,
    "sign-out": _sign_out,
}


def _with_link(asking: _Asking, user: User) -> Answer:
    """Open a new link for a user. What they proved themself by until now is worth nothing from here on."""
    token, until = new_token(), asking.clock.now() + SET_UP_LASTS
    credential = Credential(user.id, set_up=digest_of(token), set_up_until=until)
    committed(lambda: asking.store.users.set_credential(credential, by=asking.by))
    ended = committed(lambda: asking.store.sessions.end_all(user.id, Ended.BY_OTHERS, asking.by))
    link = asking.address.rstrip("/") + set_up_path(token)
    return _told(asking, user, link=link, until=iso_utc(until), ended=ended)


def _told(asking: _Asking, user: User, **more: Any) -> Answer:
    return {"users": [payload_of(asking.store, user)], **more}


def _grants(store: Store, given: Mapping[str, Any], service: str) -> frozenset[Grant]:
    """The roles that are given for a service, in one incident or in all."""
    roles = given.get("roles")
    incident = _incident(store, given)
    return frozenset(Grant(role_called(one), service, incident) for one in (roles if isinstance(roles, list) else ()))


def _incident(store: Store, given: Mapping[str, Any]) -> str | None:
    return incident_named(store, given["incident"]).id if given.get("incident") else None
