"""Commits messages that arrive at the same time together: a commit costs the same for one as for many."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from ingest.source import Batch
from models.store.messages import Saved


class SavedTogether:
    """Passes to `save`, as one batch, what has come while it was busy. Callable from any thread."""

    def __init__(self, save: Callable[[Batch], Saved]):
        self._save = save
        self._waiting: list[tuple[Batch, Future[Saved]]] = []
        self._gathering = threading.Lock()
        self._saving = threading.Lock()

    def save(self, batch: Batch) -> Saved:
        """Returns once this batch is committed, with the result for all batches saved with it. Raises as `save`."""
        mine: Future[Saved] = Future()
        with self._gathering:
            self._waiting.append((batch, mine))
        with self._saving:
            # The first thread saves for all that are waiting; the others find their batch done.
            if not mine.done():
                self._save_all()
        return mine.result()

    def _save_all(self) -> None:
        with self._gathering:
            group, self._waiting = self._waiting, []
        try:
            saved = self._save(_joined([batch for batch, _ in group]))
        except Exception:  # noqa: BLE001 - one of the batches may be at fault: save each by itself
            for batch, future in group:
                self._save_one(batch, future)
        else:
            for _, future in group:
                future.set_result(saved)

    def _save_one(self, batch: Batch, future: Future[Saved]) -> None:
        try:
            future.set_result(self._save(batch))
        except Exception as error:  # noqa: BLE001 - the waiting thread raises it
            future.set_exception(error)


def _joined(batches: list[Batch]) -> Batch:
    return Batch([item for batch in batches for item in batch.items], caught_up=True)
