"""What only the embedded engine promises: one process owns the file, and all its SQL stands in named files."""

import ast
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import models.store
from models.errors import StoreError, StoreOwned
from models.store.duckdb import named_sql
from models.store.duckdb.named_sql import interruptible
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, a_clock
from tests.conftest import ROOT

FOLDER = Path(models.store.__file__).parent
QUERIES = {path.stem: path for path in (FOLDER / "queries").glob("*.sql")}
STATEMENTS = {path.stem: path for path in (FOLDER / "duckdb" / "statements").glob("*.sql")}
EVERY_FILE = [*QUERIES.values(), *STATEMENTS.values()]


def test_a_second_process_learns_who_owns_the_database(store, tmp_path):
    script = (
        "import sys; from pathlib import Path; from models.clock import SystemClock\n"
        "from models.errors import StoreOwned; from models.store.duckdb.store import DuckDBStore\n"
        "try: DuckDBStore(Path(sys.argv[1]), SystemClock())\n"
        f"except {StoreOwned.__name__} as error: print(error.pid, error.path, error); sys.exit(2)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "store")], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    pid, path, message = ended.stdout.split(" ", 2)
    assert Path(path) == store.engine.path
    assert f"process {pid} is using this database" in message


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "grapevine.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError) as refusal:
        DuckDBStore(folder, a_clock())
    assert "\n" not in str(refusal.value)


def test_a_database_of_a_newer_grapevine_is_refused(tmp_path):
    with closing(DuckDBStore(tmp_path, a_clock())) as store:
        store.engine.writer.submit_act(
            lambda transaction: transaction.write("add_migration", name="9999_later.sql", applied_at=NOON)
        ).result()
    with pytest.raises(StoreError, match=r"newer Grapevine \(it has 9999_later.sql\)"):
        DuckDBStore(tmp_path, a_clock())


def test_every_named_sql_says_first_what_it_is_for():
    assert [path.stem for path in EVERY_FILE if not path.read_text(encoding="utf-8").startswith("-- ")] == []


def test_every_named_sql_is_used():
    code = "".join(
        file.read_text(encoding="utf-8") for top in ("models", "dashboard") for file in (ROOT / top).rglob("*.py")
    )
    assert {path.stem for path in EVERY_FILE if f'"{path.stem}"' not in code} == set()


def test_a_read_and_a_write_have_different_names():
    assert not QUERIES.keys() & STATEMENTS.keys()
    with pytest.raises(FileNotFoundError):
        named_sql.query("add_posts")


def test_no_sql_stands_in_code():
    sql = re.compile(r"\s*(select|insert into|update|delete from|with|create)\s", re.IGNORECASE)
    texts = [
        node.value
        for file in (FOLDER / "duckdb").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if sql.match(text)] == []


@pytest.mark.parametrize(("said", "raised"), [("Query interrupted", KeyboardInterrupt), ("Disk", RuntimeError)])
def test_ctrl_c_during_a_query_is_ctrl_c_and_no_error_of_the_engines(said, raised):
    # The engine hears of Ctrl-C now and then only, so that a real one would make this test wait.
    with pytest.raises(raised), interruptible():
        raise RuntimeError(said)
