"""What every test may ask for: a store, and the real data beside the project.

Tests that need what is not here skip and say how to get it; with GRAPEVINE_TESTS_REQUIRE_ALL set they fail instead,
so that a machine that lands changes cannot pass by skipping.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock

ROOT = Path(__file__).parent.parent
REQUIRE_ALL = "GRAPEVINE_TESTS_REQUIRE_ALL"

# A slow or busy machine is no failure: the first example imports and draws for seconds there.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def missing(what: str) -> None:
    """Skip for want of `what`, or fail where nothing may be missing."""
    if os.environ.get(REQUIRE_ALL):
        pytest.fail(f"{what} ({REQUIRE_ALL} is set, so this is a failure)")
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real labelled posts that lies beside a developer's checkout; it is no part of the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        missing("no ../shared/data beside this checkout: the real posts are not part of the project")
    return folder


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that was made and migrated once: copying it costs less than making one a test."""
    folder = tmp_path_factory.mktemp("empty") / "store"
    DuckDBStore(folder, a_clock()).close()
    return folder


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[DuckDBStore]:
    shutil.copytree(empty_database, tmp_path / "store")
    opened = DuckDBStore(tmp_path / "store", a_clock())
    yield opened
    opened.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys last: the browser's driver keeps an event loop in the main thread, where others then have none."""
    items.sort(key=lambda item: "journeys" in item.path.parts)


class FilesThenJourneys(LoadScopeScheduling):
    """Where several processes run the tests: files in the order above, and all journeys by one of them.

    So each journey has a browser and its server to itself.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesThenJourneys:
    config.option.loadscopereorder = False
    return FilesThenJourneys(config, log)
