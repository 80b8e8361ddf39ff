"""The examples in docstrings: `pytest` runs them all, and collecting them loads nothing heavy."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

from models.judgement import stance_network

ROOT = Path(__file__).parents[2]
ROOMS = ("models", "ingest", "dashboard")
# Collected by no plain `pytest`, since importing it loads torch: its examples run here.
HEAVY = "models/judgement/stance_network.py"

_COLLECT = f"""
import sys, pytest
ended = pytest.main(["--collect-only", "-q", *{ROOMS!r}])
print("loaded:", *({{"torch", "transformers", "sklearn"}} & set(sys.modules)))
sys.exit(ended)
"""


def test_every_example_is_collected_and_collecting_them_loads_neither_torch_nor_scikit_learn():
    ended = subprocess.run(
        [sys.executable, "-c", _COLLECT], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    collected = {line.split("::")[0] for line in ended.stdout.splitlines() if "::" in line}
    assert {*collected, HEAVY} == _with_examples()
    assert ended.stdout.splitlines()[-1].split() == ["loaded:"]


def test_the_examples_of_the_stance_network_hold():
    tried = doctest.testmod(stance_network)
    assert tried.attempted
    assert not tried.failed


def _with_examples() -> set[str]:
    """The files whose docstrings hold an example."""
    paths = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    example = re.compile(r"^ *>>> ", re.MULTILINE)
    return {path.relative_to(ROOT).as_posix() for path in paths if example.search(path.read_text(encoding="utf-8"))}
