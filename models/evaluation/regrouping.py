"""Regrouping: how much of what people look at does a consolidation move?

A pass of consolidation moves a flow that was in a rumour on the board and is in another one afterwards; a merge moves
the flows of the rumour that ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.domain.rumours import EventKind
from models.store import Store
from models.store.judgement_protocol import JudgementStore
from models.store.messages import Judgement


@dataclass(frozen=True, slots=True)
class Pass:
    """One consolidation: the flows that were in rumours on the board before it, and those of them it moved."""

    shown: int
    moved: int


class OverheardStore:
    """A store as the pipeline uses it, that tells a listener of every judgement that it is given to save."""

    def __init__(self, store: Store, heard: Callable[[Judgement], None]):
        self._store = store
        self.judgement = _OverheardJudgements(store.judgement, heard)

    def __getattr__(self, part: str) -> Any:
        return getattr(self._store, part)


class _OverheardJudgements:
    def __init__(self, judgements: JudgementStore, heard: Callable[[Judgement], None]):
        self._judgements = judgements
        self._heard = heard

    def save(self, judgement: Judgement) -> Any:
        self._heard(judgement)
        return self._judgements.save(judgement)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._judgements, name)


class Regroupings:
    """Follows the judgements of one incident, in the order they are saved; `passes` so far."""

    def __init__(self) -> None:
        self.passes: list[Pass] = []
        self._rumour_of: dict[str, str] = {}
        self._on_board: set[str] = set()

    def take(self, judgement: Judgement) -> None:
        self._rumour_of.update({one.flow: one.rumour for one in judgement.posts if one.opens_flow})
        # The last place of several in one judgement counts.
        now_in = {one.flow: one.rumour for one in judgement.reassigned}
        if judgement.consolidated is not None:
            shown = {flow for flow, rumour in self._rumour_of.items() if rumour in self._on_board}
            moved = sum(now_in.get(flow, self._rumour_of[flow]) != self._rumour_of[flow] for flow in shown)
            self.passes.append(Pass(len(shown), moved))
        self._rumour_of.update(now_in)
        self._on_board.update(event.rumour for event in judgement.events if event.kind is EventKind.SURFACED)


def share_moved(passes: Sequence[Pass]) -> float | None:
    """The mean over passes of the share of the flows on the board that they moved; None where no board was moved."""
    shares = [one.moved / one.shown for one in passes if one.shown]
    return float(np.mean(shares)) if shares else None
