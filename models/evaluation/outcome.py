"""What one run of the pipeline decided of one event: all that scoring may know of the judge."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.domain.rumours import RumourEvent
from models.errors import InputError
from models.evaluation.gold import LabelledPost
from models.evaluation.regrouping import Pass
from models.store.messages import FinalRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """`rows` stand in order of arrival, one an accepted post, `title` being the whole text of the titling post;
    `events` oldest first; `seconds` of judging, without reading and storing; `passes` are its consolidations."""

    event: str
    rows: Sequence[FinalRow]
    events: Sequence[RumourEvent]
    seconds: float
    passes: Sequence[Pass] = ()

    def beside(self, posts: Sequence[LabelledPost]) -> list[tuple[LabelledPost, FinalRow]]:
        """Each labelled post with what was decided of it. Raises InputError where one was not judged."""
        row_of = {row.id: row for row in self.rows}
        missing = [post.id for post in posts if post.id not in row_of]
        if missing:
            raise InputError(
                f"{self.event}: {len(missing):,} labelled posts were not judged, {missing[0]} first. "
                "`grapevine judge` tells why posts of a file are refused; mend them."
            )
        return [(post, row_of[post.id]) for post in posts]
