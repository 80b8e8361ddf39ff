"""What any engine of the store must do for the pipeline; part of `protocol.py`, whose rules hold here."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

import numpy as np

from models.domain.posts import Post
from models.domain.rumours import RumourEvent
from models.store.messages import FinalRow, FlowStance, FlowsToRead, FlowToJudge, JudgedPost, Judgement, PostLanguage


class JudgementStore(Protocol):
    """What the pipeline reads and what it decides."""

    def unjudged(self, incident: str, after_place: int, limit: int) -> list[Post]:
        """The next posts of an incident in the order in which they reached it, without those that were erased."""

    def save(self, judgement: Judgement) -> Future[None]:
        """Save a batch whole. A flow that the model reassigns takes its stances along.

        Where people have acted since its `constraint_number`, nothing of it is written and the future raises
        ConstraintsChanged.
        """

    def upto(self, incident: str) -> int:
        """The place in the incident up to which every post is judged; 0 for none."""

    def consolidated(self, incident: str) -> tuple[datetime, int] | None:
        """The latest `consolidated` of a judgement."""

    def posts(self, incident: str, encoder: str) -> Iterable[JudgedPost]:
        """Everything judged so far in the order it was judged, to rebuild a pipeline from.

        With the vectors of the encoder of that digest; those of others are not comparable and are left out.
        """

    def flows_to_read_anew(self, incident: str, encoder: str, limit: int) -> FlowsToRead:
        """The flows that have a vector of another encoder than this one, or of one that is not known.

        A flow whose words were erased is none of them.
        """

    def replace_vectors(self, incident: str, encoder: str, vectors: Mapping[str, np.ndarray]) -> Future[None]:
        """Put the vectors of this encoder (flow → (d,)) in the place of others'.

        A flow whose words, and so its vector, were erased meanwhile gets none.
        """

    def edited_since_detection(self, incident: str) -> list[Post]:
        """The posts that were edited since their language was looked for, as they stand."""

    def add_languages(self, languages: Sequence[PostLanguage]) -> Future[None]:
        """Let what was detected of posts stand; a reading of a moment sees what belongs to the words of then."""

    def events(self, incident: str) -> list[RumourEvent]:
        """What happened to the rumours of an incident, oldest first."""

    def final_rows(self, incident: str) -> list[FinalRow]:
        """How every judged post stands, in order of arrival."""


class StanceStore(Protocol):
    """Stances that the model reads later than it opened the flow."""

    def missing(self, incident: str, limit: int) -> list[FlowToJudge]:
        """Flows that have no stance toward the rumour they are in.

        Flows of rumours on the board come first, then by order of arrival.
        """

    def outdated(self, incident: str) -> list[FlowToJudge]:
        """The flows whose words are newer than what the model judged of their stance."""

    def toward_former_titles(self, incident: str, limit: int) -> list[FlowToJudge]:
        """Flows that the model judged toward other words than those that name their rumour now, as `missing`."""

    def save(self, incident: str, stances: Sequence[FlowStance]) -> Future[None]:
        """Let newer stances of the model stand beside the former ones."""
