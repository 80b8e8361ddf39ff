"""What every file that leaves the house says of itself: of what it is, as known when, who took it and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dashboard.publish.selection import Selection
from dashboard.views.board import read_header
from dashboard.words import export as words
from dashboard.words import services as services_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import exact
from dashboard.words.masking import masked
from models.domain.acts import Officer
from models.store import Store


@dataclass(frozen=True, slots=True)
class About:
    """`chain_head` is the link of the last decision, which binds all before it; None where there is none."""

    incident: str
    incident_id: str
    of_service: str
    acted_on_by: tuple[str, ...]
    seen_by: tuple[str, ...]
    exercise: bool
    filter: str
    as_of: datetime
    made_at: datetime
    made_by: Officer
    reason: str
    masked: bool
    posts_read: int
    posts_judged: int
    decisions: int
    chain_head: str | None

    def lines(self) -> list[tuple[str, str]]:
        """Each thing by its name, for people."""
        return [
            (words.INCIDENT, f"{self.incident} ({self.incident_id})"),
            (services_words.BELONGS_HEAD, self.of_service or services_words.EVERY_SERVICE),
            (services_words.SHARED_HEAD, services_words.partners(self.acted_on_by, self.seen_by)),
            (words.IS_EXERCISE, words.YES if self.exercise else words.NO),
            (words.FILTER, self.filter),
            (words.AS_OF, words.moment(self.as_of)),
            (words.MADE_AT, words.moment(self.made_at)),
            (words.MADE_BY, shared_words.officer(self.made_by)),
            (words.REASON, self.reason),
            (words.MASKED, words.MASKED_MEANS if self.masked else words.UNMASKED_MEANS),
            (words.POSTS_READ, f"{self.posts_read:,}"),
            (words.POSTS_JUDGED, f"{self.posts_judged:,}"),
            (words.DECISIONS_LOGGED, f"{self.decisions:,}"),
            (words.CHAIN_HEAD, self.chain_head or words.NO_DECISIONS),
        ]

    def text(self, *notes: str) -> str:
        """A page of plain text: one line a thing, then `notes` on how to read the files beside it."""
        lines = [f"{name}: {value}" for name, value in self.lines()]
        return "\n".join([words.HEADING, "", *lines, "", *notes, ""])

    def footer(self) -> str:
        """One line that stands under a picture."""
        return words.footer(self.incident, self.filter, self.as_of, exercise=self.exercise, made_at=self.made_at)

    def as_json(self) -> str:
        """The same for programs."""
        return json.dumps(
            {
                "incident": self.incident,
                "incident_id": self.incident_id,
                "of_service": self.of_service or None,
                "acted_on_by": list(self.acted_on_by),
                "seen_by": list(self.seen_by),
                "exercise": self.exercise,
                "filter": self.filter,
                "as_of": self.as_of.astimezone(UTC).isoformat(),
                "made_at": self.made_at.astimezone(UTC).isoformat(),
                "made_by": self.made_by.name,
                "role": self.made_by.role,
                "service": self.made_by.service,
                "reason": self.reason,
                "masked": self.masked,
                "posts_read": self.posts_read,
                "posts_judged": self.posts_judged,
                "decisions": self.decisions,
                "chain_head": self.chain_head,
            },
            ensure_ascii=False,
        )


def read_about(
    store: Store, selection: Selection, officer: Officer, reason: str, made_at: datetime, claims: Mapping[str, str]
) -> About:
    """`claims` holds the title of each rumour on the board."""
    incident, as_of = selection.incident, selection.as_of
    header = read_header(store, incident.id, as_of=as_of)
    decisions = store.views.rows("decisions", incident=incident.id, rumour=None, as_of=as_of)
    return About(
        incident=masked(incident.name),
        incident_id=incident.id,
        of_service=incident.of_service,
        acted_on_by=incident.acted_on_by,
        seen_by=incident.seen_by,
        exercise=incident.exercise,
        filter=words.filter_of(
            selection.rumour, claims.get(selection.rumour or ""), masked=selection.mask is not None
        ),
        as_of=as_of,
        made_at=made_at,
        made_by=replace(officer, name=masked(officer.name)),
        reason=masked(reason),
        masked=selection.mask is not None,
        posts_read=header.posts_read,
        posts_judged=header.posts_judged,
        decisions=len(decisions),
        chain_head=decisions[0]["link"] if decisions else None,
    )


def caption(about: About) -> dict[str, str]:
    """The text inside a picture file, by the names that PNG and Dublin Core share."""
    return {
        "Title": words.picture_title(about.incident, about.filter),
        "Description": about.text(),
        "Creator": about.made_by.name,
        "Date": about.made_at.astimezone(UTC).isoformat(),
        "Source": words.known_at(exact(about.as_of)),
    }
