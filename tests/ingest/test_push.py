"""Messages that arrive at the same time are committed together, and each sender gets a true answer."""

import threading

import pytest

from ingest.running.push import SavedTogether
from ingest.source import Batch, Unreadable
from models.errors import StoreError
from models.store.messages import Saved
from tests.waiting import until


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
        # The first commit takes until all the others have come.
        until(lambda: sum(map(len, saved)) + len(together._waiting) == len(names))
        return Saved(0, 0, len(batch.items))

    together = SavedTogether(slow)
    names = [str(number) for number in range(16)]
    came = at_once(together, *names)
    assert sorted(name for group in saved for name in group) == sorted(names)
    assert len(saved) == 2
    assert all(isinstance(one, Saved) for one in came.values())


def test_one_that_cannot_be_saved_does_not_take_its_neighbours_along():
    def picky(batch: Batch) -> Saved:
        saved.append(batch)
        until(lambda: len(saved) > 1 or len(together._waiting) == 3)
        if any(item.reason == "bad" for item in batch.items):
            raise StoreError("disk full")
        return Saved(0, 0, len(batch.items))

    saved: list[Batch] = []
    together = SavedTogether(picky)
    came = at_once(together, "a", "bad", "b", "c")
    assert isinstance(came.pop("bad"), StoreError)
    assert all(isinstance(one, Saved) for one in came.values())


@pytest.mark.parametrize("times", range(5))
def test_nobody_is_forgotten(times):
    came = at_once(SavedTogether(lambda batch: Saved(0, 0, 0)), *map(str, range(32)))
    assert len(came) == 32
