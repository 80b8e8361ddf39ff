"""The audit: one chain of entries on everything that people do and look at, and what may be wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer


class AuditKind(StrEnum):
    """What an entry is about."""

    ACT = "act"
    # Somebody looked at something, or took it out.
    CONSULTATION = "consultation"
    # A sign-in, one that was refused, the end of a session.
    SIGN_IN = "sign-in"
    # Users, their roles and what they prove themselves by.
    USER = "user"
    # The reason of the entry that the subject numbers was erased, as the law asks.
    ERASURE = "erasure"
    # The first entry where decisions and consultations were here before the audit: it binds them.
    BEGINNING = "beginning"


class AuditedAct(StrEnum):
    """What people do that is no decision on a rumour; the `what` of its entry. A decision's is its `Act`."""

    OPEN_INCIDENT = "open-incident"
    CHANGE_INCIDENT = "change-incident"
    CLOSE_INCIDENT = "close-incident"
    # The subject is the service: that which the incident belongs to from now on (none: to all), or is shared with.
    NAME_OWNER = "name-owner"
    SHARE_TO_ACT = "share-to-act"
    SHARE_TO_SEE = "share-to-see"
    WITHDRAW_SHARE = "withdraw-share"
    LOG_SIGHTING = "log-sighting"
    PIN_CAPTION = "pin-caption"
    TAKE_CAPTION_AWAY = "take-caption-away"
    START_CODING = "start-coding"
    CODE = "code"
    FINISH_CODING = "finish-coding"
    END_CODING = "end-coding"
    SETTLE_CODING = "settle-coding"
    IMPORT = "import"
    CANCEL_IMPORT = "cancel-import"
    PERMIT_SOURCE = "permit-source"
    START_SOURCE = "start-source"
    STOP_SOURCE = "stop-source"
    DISCARD_LETTER = "discard-letter"
    # Somebody went on with what another had in hand; the subject is the rumour.
    BREAK_LOCK = "break-lock"


class AuditedSignIn(StrEnum):
    """The `what` of entries on sign-ins. The subject is the user's id; the reason says how, or why."""

    SIGNED_IN = "signed-in"
    # Nothing of what was typed is entered: it may be a password.
    REFUSED = "sign-in-refused"
    LOCKED = "sign-in-locked"
    SIGNED_OUT = "signed-out"
    SESSION_ENDED = "session-ended"


class AuditedUserAct(StrEnum):
    """The `what` of entries on users and on what they prove themselves by. The subject is the user's id."""

    ADD = "add-user"
    CHANGE = "change-user"
    BLOCK = "block-user"
    UNBLOCK = "unblock-user"
    OPEN_LINK = "open-set-up-link"
    USE_LINK = "use-set-up-link"
    CHANGE_PASSWORD = "change-password"
    TURN_ON_SECOND_FACTOR = "turn-on-second-factor"
    TURN_OFF_SECOND_FACTOR = "turn-off-second-factor"


class AuditedLook(StrEnum):
    """The `what` of consultations that take nothing out; an export's is its form, a reveal's "reveal".

    Looking at posts' words is entered, once a person, thing and ten minutes. Boards, comparisons and previews of the
    report show claims and figures only, and are not.

    They stand in the one chain with the acts, by measurement (python -m tests.benchmarks.audit_volume): on a busy
    night 150 viewers who each open 30 rumours an hour for 12 hours make 54,000 entries. Alone each takes the writer
    2.6 ms, 0.3 % of the night; of 150 at once each takes 0.3 ms, and an act that comes right after them is done
    within a tenth of a second. On disk they are 100 to 220 bytes each, 5 to 12 MB a night. A chain of their own would
    spare no act a wait, and could not say what somebody had looked at before they acted.
    """

    # The posts of one rumour: its page, beside the board, its bubbles. The subject is the rumour.
    RUMOUR = "look-at-rumour"
    # Posts of a whole incident.
    BUBBLES = "look-at-bubbles"
    STORY = "look-at-story"
    CODING = "look-at-coding"
    # What a source brought that could not be read. The subject is the source.
    LETTERS = "look-at-letters"
    # The reason holds the words: they may name somebody, and can be erased there.
    SEARCH = "search-board"
    TRY_TERMS = "try-terms"
    AUDIT = "look-at-audit"
    # The reason says what was found.
    CHECK_AUDIT = "check-audit"
    # That consultations could not be entered; the reason says how many.
    MISSED = "not-entered"


@dataclass(frozen=True, slots=True)
class AuditNote:
    """What is to be entered: who did or saw what, where, of what, and why.

    `subject` is the id of what it is about: a rumour, a correction, a user. `officer` is None where nobody is known:
    a program, or a sign-in that was refused. `at` is when it happened, None: when it is entered. `reason` also holds
    what else is in free words, since of all that is entered only these can be erased. `record` is the digest of the
    row that keeps the act itself, where the audit guards that row too.
    """

    kind: AuditKind
    what: str
    officer: Officer | None
    incident: str | None = None
    subject: str | None = None
    reason: str | None = None
    at: datetime | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry as it stands in the chain: `link` follows from all its fields, and from the entry before, `previous`.

    Of the reason only `reason_digest` is linked, so that the reason and its `salt` can be erased.
    """

    number: int
    note: AuditNote
    entered_at: datetime
    salt: str | None
    reason_digest: str | None
    previous: str
    link: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last entry, as it is kept beside the database: an end that was cut off is missed."""

    number: int
    link: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: of a time, an incident, a kind; `who` is a user's id, or the name of an officer.

    `without` names incidents of which nothing is wanted.
    """

    since: datetime | None = None
    until: datetime | None = None
    incident: str | None = None
    who: str | None = None
    kind: AuditKind | None = None
    what: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditedPerson:
    """Somebody whom entries name. `who` finds them: the id of a user, or the name where nobody was signed in."""

    who: str
    name: str


@dataclass(frozen=True, slots=True)
class AuditedRecord:
    """A row that keeps an act: what to call it, its reason, its digest now, and when it was written.

    `follows` is False where its own chain says that it was changed.
    """

    name: str
    digest: str
    reason: str
    known_at: datetime
    follows: bool = True


class FaultKind(StrEnum):
    """What can be found wrong with the audit."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    # The last entries are missing.
    CUT_OFF = "cut off"
    # It follows from another entry than the one before it: an older copy of the database was gone on with.
    FORKED = "forked"
    # What was kept beside the database is gone: nobody knows whether the end was cut off.
    NO_HEAD = "no head"
    # A decision or consultation differs from its entry, is gone, or has none.
    RECORD_CHANGED = "record changed"
    RECORD_REMOVED = "record removed"
    RECORD_INSERTED = "record inserted"


@dataclass(frozen=True, slots=True)
class AuditFault:
    """Something wrong where entries `first` to `last` stand, or should.

    `entry` is what stands at `first` now, if anything does. `record` is what the record at fault is called; one that
    has no entry stands nowhere: its number is 0.
    """

    kind: FaultKind
    first: int
    last: int
    entry: AuditEntry | None = None
    record: str = ""
