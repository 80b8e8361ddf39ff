"""Messages that arrive side by side are committed together: a commit costs the same for one as for many."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from ingest.source import Batch
from models.store.protocol import Saved


class SavedTogether:
    """Hands `save` what has gathered while it was busy, as one batch. Callable from any thread."""

    def __init__(self, save: Callable[[Batch], Saved]):
        self._save = save
        self._waiting: list[tuple[Batch, Future[Saved]]] = []
        self._gathering = threading.Lock()
        self._saving = threading.Lock()

    def save(self, batch: Batch) -> Saved:
        """Returns once this batch is committed, with what came of all that was saved with it. Raises as `save`."""
        mine: Future[Saved] = Future()
        with self._gathering:
            self._waiting.append((batch, mine))
        with self._saving:
            # Whoever comes first saves for all that wait; the others find it done.
            if not mine.done():
                self._save_all()
        return mine.result()

    def _save_all(self) -> None:
        with self._gathering:
            group, self._waiting = self._waiting, []
        try:
            saved = self._save(Batch([item for batch, _ in group for item in batch.items], caught_up=True))
        except Exception as error:  # noqa: BLE001 - each of those who wait gets it
            for _, future in group:
                future.set_exception(error)
        else:
            for _, future in group:
                future.set_result(saved)
