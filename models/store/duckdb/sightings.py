"""How a sighting is logged: its words are a post of the incident, how it came in stands beside it."""

from datetime import datetime

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.ids import stable_id
from models.domain.posts import Kind, Post
from models.domain.sightings import HeardBy, Sighting, SightingDraft
from models.errors import Refused
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.engine import Numbers
from models.store.duckdb.posts import insert_posts
from models.store.duckdb.rows import officer_columns, officer_from, post_from_row
from models.store.duckdb.transaction import Transaction
from models.store.messages import ArrivedPost

SIGHTING = "sighting"


def log_sighting(
    transaction: Transaction,
    numbers: Numbers,
    incident: str,
    draft: SightingDraft,
    officer: Officer,
    at: datetime,
    request: str | None,
) -> Sighting:
    """The sighting, or the one that this request has logged already."""
    if not transaction.rows("incident_versions", incident=incident):
        raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
    before = transaction.rows("sighting_of_request", incident=incident, request=request)
    if before:
        return _sighting(transaction, incident, before[0]["seq"])
    post = Post(
        # The writer stamps no two acts alike.
        id=f"{SIGHTING}:{stable_id(incident, transaction.known_at.isoformat())}",
        source=SIGHTING,
        kind=Kind.SIGHTING,
        text=draft.text,
        arrived_at=at,
        created_at=draft.heard_at,
        stated_at=draft.heard_at,
    )
    why = f"heard {draft.heard_by.value}, taken by {officer.name}"
    seq = insert_posts(transaction, numbers, [ArrivedPost(post, {incident: why})])[post.id]
    transaction.write(
        "add_sighting",
        incident=incident,
        seq=seq,
        post=post.id,
        heard_by=draft.heard_by.value,
        heard_at=draft.heard_at,
        reliability=draft.reliability,
        place=draft.place,
        shared=draft.shared,
        **officer_columns(officer, name="taken_by"),
        request=request,
    )
    audit_act(transaction, AuditedAct.LOG_SIGHTING, officer, incident=incident, subject=post.id)
    return _sighting(transaction, incident, seq)


def _sighting(transaction: Transaction, incident: str, seq: int) -> Sighting:
    (row,) = transaction.rows("sighting", incident=incident, seq=seq)
    draft = SightingDraft(
        row["text"],
        HeardBy(row["heard_by"]),
        row["heard_at"],
        row["reliability"],
        row["heard_where"],
        bool(row["shared"]),
    )
    return Sighting(post_from_row(row), draft, officer_from(row, name="taken_by"))
