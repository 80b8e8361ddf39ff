"""Which incident a post reaches, for each way of running."""

from collections.abc import Mapping

from models.clock import Clock
from models.config import IncidentSettings
from models.domain import Incident, Post, named_id
from models.store.protocol import Store

EXERCISE_MARK = "EXERCISE"


def configured_incident(settings: IncidentSettings, store: Store, clock: Clock) -> Incident:
    """The incident that config.toml names, opened when it is new."""
    return _open(store, clock, settings.name, settings.purpose, settings.lawful_basis)


class CollectionIncidents:
    """Takes each collection of a file as an incident of its own, opened with its first post."""

    def __init__(self, store: Store, clock: Clock, settings: IncidentSettings):
        self._store = store
        self._clock = clock
        self._settings = settings
        self.incidents: dict[str, Incident] = {}

    def match(self, post: Post) -> Mapping[str, str]:
        name = post.collection or "no collection"
        if name not in self.incidents:
            self.incidents[name] = _open(
                self._store, self._clock, name, self._settings.purpose, self._settings.lawful_basis
            )
        return {self.incidents[name].id: f"collection: {name}"}


def _open(store: Store, clock: Clock, name: str, purpose: str, lawful_basis: str) -> Incident:
    incident = Incident(
        id=named_id("incident", name),
        name=name,
        purpose=purpose,
        lawful_basis=lawful_basis,
        exercise=name.startswith(EXERCISE_MARK),
        opened_at=clock.now(),
    )
    return store.open_incident(incident).result()
