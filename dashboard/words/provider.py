"""What is said of the service's own sign-in: on the sign-in page, when it let nobody in, and on the way out."""

from models.sign_in.id_tokens import TokenFault

WITHOUT = "Or with an account of Grapevine's own"
LEAVING_TITLE = "You are signed out"
LEAVING = "You are signed out of Grapevine. You are on your way to {name}, to be signed out there as well."
LEAVE = "Sign out at {name}"
STILL_THERE = "You are signed out of Grapevine. You may still be signed in at {name}."
LEFT = "You are signed out."

_LATE = (
    "This sign-in took too long, was begun in another browser, or was used already. Begin again with “Sign in with "
    "{name}”."
)
_AWAY = (
    "{name} cannot be reached at the moment. Try again in a minute, or use an account of Grapevine's own. Whoever is "
    "signed in stays so."
)
_CANCELLED = "You were not signed in at {name}. Try again, or ask those who keep it."
_ELSEWHERE = "The answer came from somewhere else than {name}, so you are not signed in. Tell your administrator."
_REFUSES = "{name} did not accept Grapevine ({error}). Tell your administrator."
_NOT_PROVEN = (
    "What {name} said of you could not be proven ({fault}), so you are not signed in. Tell your administrator."
)
_NO_ROLE = (
    "None of your groups at {name} has a role in Grapevine. Ask your administrator to put you into one that has."
)
_NO_GROUPS = (
    "{name} names no group that you are in. Ask your administrator to put you into one that has a role in Grapevine, "
    "and to see that {name} sends groups: dashboard/SIGN_IN.md says how."
)
_TOO_MANY_GROUPS = (
    "You are in more groups than {name} tells. Tell your administrator: only groups that are assigned to Grapevine "
    "should be sent. dashboard/SIGN_IN.md says how."
)
_BLOCKED = "Your account is blocked in Grapevine. Ask your administrator."
_FAULTS = {
    TokenFault.UNREADABLE: "it could not be read",
    TokenFault.ALGORITHM: "it is signed in a way that is not taken",
    TokenFault.UNKNOWN_KEY: "it is signed with an unknown key",
    TokenFault.SIGNATURE: "its signature is wrong",
    TokenFault.ISSUER: "it comes from somewhere else",
    TokenFault.AUDIENCE: "it was made for another program",
    TokenFault.EXPIRED: "it has expired",
    TokenFault.NOT_YET: "it is not valid yet: the clocks of the two computers differ",
    TokenFault.NONCE: "it answers another sign-in",
    TokenFault.SUBJECT: "it does not say who you are",
    TokenFault.CLAIMS: "it does not say all that it must",
    TokenFault.REPLAYED: "it was used before",
}


def sign_in_with(name: str) -> str:
    return f"Sign in with {name}"


def away(name: str) -> str:
    return _AWAY.format(name=name)


def late(name: str) -> str:
    return _LATE.format(name=name)


def cancelled(name: str) -> str:
    return _CANCELLED.format(name=name)


def elsewhere(name: str) -> str:
    return _ELSEWHERE.format(name=name)


def refuses(name: str, error: str) -> str:
    return _REFUSES.format(name=name, error=error)


def not_proven(name: str, fault: TokenFault) -> str:
    return _NOT_PROVEN.format(name=name, fault=_FAULTS[fault])


def no_role(name: str, *, says_groups: bool) -> str:
    return (_NO_ROLE if says_groups else _NO_GROUPS).format(name=name)


def too_many_groups(name: str) -> str:
    return _TOO_MANY_GROUPS.format(name=name)


def blocked() -> str:
    return _BLOCKED


def leaving(name: str) -> str:
    return LEAVING.format(name=name)


def leave(name: str) -> str:
    return LEAVE.format(name=name)


def still_there(name: str) -> str:
    return STILL_THERE.format(name=name)
