"""Closing the embedded engine in the midst of a reading: nobody waits for the answer, and the file is let go."""

import threading

import duckdb

from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock
from tests.waiting import returns, until

LONG = "select sum(a.range * b.range) from range(1000000) a, range(1000000) b"


def test_a_long_reading_is_interrupted_and_the_file_is_free(tmp_path):
    store, cursors, raised = DuckDBStore(tmp_path, a_clock()), [], []

    def read():
        cursors.append(store.engine._reader())
        while not raised:
            try:
                cursors[0].execute(LONG)
            except duckdb.ResourceInUseException:
                continue  # the test was just looking
            except duckdb.Error as error:
                raised.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    until(lambda: cursors and is_busy(cursors[0]), "the reading to be under way")
    returns(store.close)
    reading.join()
    assert isinstance(raised[0], duckdb.InterruptException)
    DuckDBStore(tmp_path, a_clock()).close()


def is_busy(cursor) -> bool:
    try:
        cursor.execute("select 1")
    except duckdb.ResourceInUseException:
        return True
    return False
