"""The store of a contract test: one of every engine, in a folder of its own, opened again as often as is asked."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.store import Store
from tests.builders import a_clock
from tests.contracts.engines import ENGINES, Engine


@pytest.fixture(params=ENGINES, scope="session")
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.fixture(scope="session")
def empty(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an engine leaves in the folder of a new database: copying it costs less than making one a test."""
    folder = tmp_path_factory.mktemp("empty") / "store"
    engine.opens(folder, a_clock()).close()
    return folder


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty, tmp_path / "store"))


@pytest.fixture
def opening(engine: Engine, folder: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same database each time it is called, as a restart does: the one before is closed."""
    opened: list[Store] = []

    def open_store() -> Store:
        close()
        opened.append(engine.opens(folder, a_clock()))
        return opened[0]

    def close() -> None:
        while opened:
            opened.pop().close()

    yield open_store
    close()


@pytest.fixture
def store(opening: Callable[[], Store]) -> Store:
    return opening()
