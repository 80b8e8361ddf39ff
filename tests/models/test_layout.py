"""The shape of the house: what stands where, and what may import what."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "ingest", "dashboard")
TOP_LEVEL = {*PACKAGES, "tests", "config.toml", "pyproject.toml", "README.md", "LICENSE"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing to list")
    return [Path(line) for line in listed.stdout.splitlines()]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_the_one_of_this_checkout(name):
    assert Path(import_module(name).__file__) == ROOT / name / "__init__.py"


def test_importing_models_costs_nothing_and_loads_no_library():
    script = """import sys; before = set(sys.modules); import models; print(sorted(set(sys.modules) - before))"""
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['models']"


def test_judging_in_this_process_loads_no_torch_either():
    script = "import sys, models.judgement.pipeline, models.store.duckdb.engine; print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("imported", "not_loaded"),
    [
        # A stop list is no reason to load scikit-learn.
        ("models.judgement.flows", {"torch", "sklearn", "scipy"}),
        # `grapevine --help`
        ("dashboard.commands", {"torch", "sklearn", "scipy", "dash", "duckdb", "pyarrow"}),
        # `grapevine incident`
        ("dashboard.http.command_api, models.store.duckdb.store", {"torch", "sklearn", "scipy", "dash", "flask"}),
    ],
)
def test_what_is_imported_loads_no_library_that_it_does_not_use(imported, not_loaded):
    script = f"import json, sys, {imported}; print(json.dumps(list(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not_loaded & set(json.loads(ran.stdout)) == set()


def test_what_a_text_is_made_of_is_known_in_one_place():
    with_patterns = [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[:2] in {("models", "judgement"), ("models", "training")}
        and re.search(r"\bre\.\w+\(\s*[rf]*[\"']", (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert with_patterns == []


def test_characters_are_cleaned_in_one_room():
    cleaners = [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[0] in PACKAGES
        and re.search(r"import unicodedata|\"replace\"\)\.decode", (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert {path.parent for path in cleaners} == {Path("models/text")}


def test_no_program_is_started_no_text_is_run_and_no_object_is_made_of_bytes():
    dangerous = re.compile(
        r"subprocess|os\.(?:system|popen|exec|spawn)|(?<![.\w])(?:eval|exec|compile)\(|\bpickle|marshal|shelve|yaml|"
        r"allow_pickle=True|torch\.load|usetex"
    )
    strays = [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[0] in PACKAGES
        and dangerous.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert strays == []


def test_the_import_contracts_hold():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_the_top_level_is_the_agreed_one():
    assert {path.parts[0] for path in tracked() if not path.parts[0].startswith(".")} <= TOP_LEVEL


def test_each_python_file_says_what_it_is_for():
    for path in (path for path in tracked() if path.suffix == ".py"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text.startswith('"""'), f"{path} does not say what it is for"


def test_times_are_read_in_one_place_as_machines_write_them_one_as_people_do_and_one_from_forms():
    readers = {
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[0] in PACKAGES
        and re.search(r"fromisoformat\(|strptime\(|parsedate|dateutil", (ROOT / path).read_text(encoding="utf-8"))
    }
    machines = {Path("models/clock.py"), Path("ingest/times.py")}
    assert readers == machines | {Path("ingest/written_times.py"), Path("dashboard/words/local_time.py")}


def test_the_clock_is_read_in_one_place_only():
    readers = [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[0] in PACKAGES
        and any(word in (ROOT / path).read_text() for word in ("datetime.now(", "utcnow(", "time.time("))
    ]
    assert readers == [Path("models/clock.py")]
