"""Which incident the posts of a file reach: each collection is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.clock import Clock
from models.config import IncidentSettings
from models.domain.ids import stable_id
from models.domain.incidents import Incident, Watch
from models.domain.posts import Post
from models.store import Store
from models.store.messages import ArrivedPost, Matched

EXERCISE_MARK = "EXERCISE"


@dataclass(frozen=True, slots=True)
class ServicesTogether:
    """Whose an incident is, and whom it is shared with: nobody's, unless said."""

    owner: str = ""
    acts: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()


class CollectionIncidents:
    """Takes each collection of a file as an incident of its own, opened with its first post.

    `source` names the file on the screens: the incident says that its posts come from there. `together` are the
    services that work on it.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: IncidentSettings,
        source: str,
        together: ServicesTogether | None = None,
    ):
        self._together = together or ServicesTogether()
        self._store = store
        self._clock = clock
        self._settings = settings
        self._source = source
        self.incidents: dict[str, Incident] = {}

    def match(self, posts: Sequence[Post]) -> Matched:
        return Matched([self._matched(post, post.collection or "no collection") for post in posts])

    def _matched(self, post: Post, name: str) -> ArrivedPost:
        if name not in self.incidents:
            self.incidents[name] = self._open(name)
        return ArrivedPost(post, {self.incidents[name].id: f"collection: {name}"})

    def _open(self, name: str) -> Incident:
        incident = Incident(
            id=stable_id("incident", name),
            name=name,
            purpose=self._settings.purpose,
            lawful_basis=self._settings.lawful_basis,
            exercise=name.startswith(EXERCISE_MARK),
            opened_at=self._clock.now(),
            watch=Watch(sources=(self._source,)),
            of_service=self._together.owner,
            acted_on_by=self._together.acts,
            seen_by=self._together.sees,
        )
        return self._store.incidents.open(incident).result()
