"""What every page is handed: the store, the settings, the clock, the sources and the shared snapshots."""

from dataclasses import dataclass
from typing import Protocol

from dashboard.views.snapshot import SnapshotKeeper
from models.clock import Clock
from models.config import Settings
from models.domain import Incident, SourceState
from models.store import Store


class SourceControl(Protocol):
    def states(self) -> list[SourceState]:
        """How each source does, in the order they are named in the settings."""


@dataclass(frozen=True, slots=True)
class Services:
    store: Store
    settings: Settings
    clock: Clock
    sources: SourceControl
    keeper: SnapshotKeeper

    def incident(self, incident_id: str | None) -> Incident | None:
        return next((one for one in self.store.incidents() if one.id == incident_id), None)

    def newest_open_incident(self) -> Incident | None:
        still_open = [one for one in self.store.incidents() if one.closed_at is None]
        return max(still_open, key=lambda one: one.opened_at, default=None)
