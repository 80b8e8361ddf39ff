"""Who is signed in at the browser that asks: the person behind a request."""

from dataclasses import dataclass

from flask import has_request_context
from flask_login import UserMixin, current_user
from werkzeug.exceptions import Unauthorized

from models.domain.users import Session, User

# The page reads a token from the cookie and sends it back in the header, which no page of another site can.
CSRF_COOKIE = "grapevine-csrf"
CSRF_HEADER = "X-CSRFToken"


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """A person and their session. `token` is what only their browser has."""

    user: User
    session: Session
    token: str

    def get_id(self) -> str:
        """What Flask-Login keeps in the browser's cookie: a user's own id would outlive the session."""
        return self.token


def person() -> SignedIn | None:
    """Who asks; None where nobody is signed in, and outside a request."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    return current_user._get_current_object()


def is_me(user: str | None) -> bool:
    """Whether the user of that id is who asks."""
    found = person()
    return found is not None and found.user.id == user


def required() -> SignedIn:
    """Who asks. Raises Unauthorized where nobody is signed in."""
    found = person()
    if found is None:
        raise Unauthorized
    return found
