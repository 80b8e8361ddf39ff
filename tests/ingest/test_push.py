"""Messages that arrive side by side are committed together, and each sender is told the truth."""

import threading
import time

import pytest

from ingest.running.push import SavedTogether
from ingest.source import Batch, Unreadable
from models.errors import StoreError
from models.store.messages import Saved


def a_batch(name: str) -> Batch:
    return Batch([Unreadable(name, "", "")])


def at_once(together: SavedTogether, *names: str) -> dict[str, object]:
    """What came of each, sent at the same time: what `save` gave, or the error it raised."""
    came: dict[str, object] = {}

    def send(name: str) -> None:
        try:
            came[name] = together.save(a_batch(name))
        except Exception as error:  # noqa: BLE001 - the test looks at it
            came[name] = error

    threads = [threading.Thread(target=send, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_what_gathers_during_a_commit_is_one_commit_and_nothing_is_saved_twice():
    saved: list[list[str]] = []

    def slow(batch: Batch) -> Saved:
        saved.append([item.reason for item in batch.items])
        time.sleep(0.05)
        return Saved(0, 0, len(batch.items))

    names = [str(number) for number in range(16)]
    came = at_once(SavedTogether(slow), *names)
    assert sorted(name for group in saved for name in group) == sorted(names)
    assert len(saved) < len(names)
    assert all(isinstance(one, Saved) for one in came.values())


def test_one_that_cannot_be_saved_does_not_take_its_neighbours_along():
    def picky(batch: Batch) -> Saved:
        time.sleep(0.02)
        if any(item.reason == "bad" for item in batch.items):
            raise StoreError("disk full")
        return Saved(0, 0, len(batch.items))

    came = at_once(SavedTogether(picky), "a", "bad", "b", "c")
    assert isinstance(came.pop("bad"), StoreError)
    assert all(isinstance(one, Saved) for one in came.values())


@pytest.mark.parametrize("times", range(5))
def test_nobody_is_forgotten(times):
    came = at_once(SavedTogether(lambda batch: Saved(0, 0, 0)), *map(str, range(32)))
    assert len(came) == 32
