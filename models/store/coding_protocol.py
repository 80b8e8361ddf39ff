"""What any engine of the store must do for the coding desk; part of `protocol.py`, whose rules hold here."""

from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from models.domain.acts import Officer
from models.domain.rumours import Stance
from models.measures.coding_sample import FrameFlow
from models.store.coding_messages import (
    Adjudication,
    CodedFlow,
    Coding,
    CodingEnd,
    CodingRound,
    Dispute,
    FlowToCode,
    RoundDraft,
    RoundState,
)


class CodingStore(Protocol):
    """The coding desk: people label a sample of flows, blind to one another and to the model.

    Nobody is given what others said, nor what the model did, before the round is coded: until everybody has finished.
    People are told apart by the user who signed in, else by their names. Raises Refused, at once or by the future, as
    acts do, and on `round` and `flow` for what is not, or no longer, to be coded or settled by this officer.
    """

    def frame(self, incident: str, as_of: datetime) -> list[FrameFlow]:
        """The flows that a sample may be drawn from, as known at a moment."""

    def start(
        self, incident: str, draft: RoundDraft, officer: Officer, request: str | None = None
    ) -> Future[CodingRound]:
        """Start a round. There is one at a time that is not coded."""

    def rounds(self, incident: str, as_of: datetime | None = None) -> list[RoundState]:
        """The rounds of an incident, oldest first."""

    def desk(self, incident: str, round_id: str, coder: Officer) -> list[FlowToCode]:
        """The flows of a round in order, with the labels of this coder and nobody else's."""

    def code(
        self,
        incident: str,
        round_id: str,
        flow: str,
        label: Stance | None,
        officer: Officer,
        request: str | None = None,
    ) -> Future[Coding]:
        """Say what a flow is, or skip it by None; the latest of each person counts, until they have finished."""

    def finish(self, incident: str, round_id: str, officer: Officer, request: str | None = None) -> Future[CodingEnd]:
        """Make this officer's labels final, once every flow is labelled or skipped. The last to finish settles it."""

    def end(
        self, incident: str, round_id: str, officer: Officer, reason: str, request: str | None = None
    ) -> Future[CodingEnd]:
        """End the coding of a round for everybody, with the labels that there are."""

    def disputes(self, incident: str, officer: Officer) -> list[Dispute]:
        """The flows of coded rounds that wait to be settled, without those that this officer coded."""

    def settle(
        self,
        incident: str,
        round_id: str,
        flow: str,
        label: Stance,
        officer: Officer,
        reason: str = "",
        request: str | None = None,
    ) -> Future[Adjudication]:
        """Settle what the coders of a flow differ on; it becomes the flow's stance. The latest counts."""

    def outcomes(self, incident: str, round_id: str, as_of: datetime | None = None) -> list[CodedFlow]:
        """What came of each flow of a coded round; empty until it is coded."""
