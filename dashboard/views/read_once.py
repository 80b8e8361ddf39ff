"""Readings that are made once for all who ask, and of which a bounded number is kept."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

Read = TypeVar("Read")


class ReadOnce:
    """Keeps the readings that were asked for last. Whoever asks for one that is being made waits for it."""

    def __init__(self, most: int):
        self._most = most
        self._readings: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Read]) -> Read:
        """What was read for this key, or `read()` now. Raises what that raises, and keeps nothing of it."""
        with self._lock:
            reads_it = key not in self._readings
            reading = self._readings.setdefault(key, Future())
            self._readings.move_to_end(key)
            while len(self._readings) > self._most:
                self._readings.popitem(last=False)
        if reads_it:
            try:
                reading.set_result(read())
            except BaseException as error:  # noqa: BLE001 - whoever waits for it gets it
                with self._lock:
                    self._readings.pop(key, None)
                reading.set_exception(error)
        return reading.result()
