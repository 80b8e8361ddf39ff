"""How sign-ins, ends of sessions and changes of users enter themselves in the audit, in their own transaction."""

from collections.abc import Callable, Iterable

from models.domain.acts import Officer
from models.domain.audit import AuditedSignIn, AuditedUserAct, AuditKind, AuditNote
from models.domain.users import Credential, Ended, Session, User
from models.people.users import officer_of
from models.store.duckdb.audit_notes import append_audit
from models.store.duckdb.transaction import Transaction

# Ends that are the person's own doing, whichever browser they said it in.
_BY_THE_PERSON = frozenset({Ended.SIGNED_OUT, Ended.BY_THEMSELVES})


def audit_start(transaction: Transaction, session: Session, user: User) -> None:
    """Enter a sign-in, with the way it was done."""
    _enter(transaction, AuditKind.SIGN_IN, AuditedSignIn.SIGNED_IN, officer_of(user), user.id, session.way.value)


def audit_ends(
    transaction: Transaction,
    ended: Iterable[Session],
    why: Ended,
    by: Officer | None,
    user_of: Callable[[str], User | None],
) -> None:
    """Enter the ends of sessions, with why and by whom; by nobody where they ended by themselves."""
    what = AuditedSignIn.SIGNED_OUT if why is Ended.SIGNED_OUT else AuditedSignIn.SESSION_ENDED
    for session in ended:
        user = user_of(session.user)
        who = officer_of(user) if by is None and user is not None and why in _BY_THE_PERSON else by
        _enter(transaction, AuditKind.SIGN_IN, what, who, session.user, why.value)


def audit_user(
    transaction: Transaction, before: User | None, user: User, by: Officer | None, reason: str | None
) -> None:
    """Enter a new version of a user."""
    if before is None:
        what = AuditedUserAct.ADD
    elif before.blocked != user.blocked:
        what = AuditedUserAct.BLOCK if user.blocked else AuditedUserAct.UNBLOCK
    else:
        what = AuditedUserAct.CHANGE
    _enter(transaction, AuditKind.USER, what, by, user.id, reason)


def audit_credential(
    transaction: Transaction, before: Credential | None, credential: Credential, by: Officer
) -> None:
    """Enter each thing that changes in what a user proves themself by."""
    former = before or Credential(credential.user)
    changes = (
        (AuditedUserAct.OPEN_LINK, credential.set_up not in (None, former.set_up)),
        (AuditedUserAct.CHANGE_PASSWORD, credential.password not in (None, former.password)),
        (AuditedUserAct.TURN_ON_SECOND_FACTOR, credential.second_factor not in (None, former.second_factor)),
        (AuditedUserAct.TURN_OFF_SECOND_FACTOR, credential.second_factor is None is not former.second_factor),
    )
    for what, is_so in changes:
        if is_so:
            _enter(transaction, AuditKind.USER, what, by, credential.user)


def audit_link_used(transaction: Transaction, user: User) -> None:
    """Enter that somebody set a password by a one-time link: who has the link is taken for its user."""
    _enter(transaction, AuditKind.USER, AuditedUserAct.USE_LINK, officer_of(user), user.id)


def _enter(
    transaction: Transaction, kind: AuditKind, what: str, who: Officer | None, user: str, reason: str | None = None
) -> None:
    append_audit(transaction, AuditNote(kind, what, who, None, user, reason or None, transaction.known_at))
