"""A package with a known vulnerability fails the run; a database that does not answer is told, and fails nothing."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "known_vulnerabilities.py"
FINE = {"name": "dash", "version": "3.2.0", "vulns": []}
SKIPPED = {"name": "flask", "skip_reason": "Dependency not found on PyPI and could not be audited: flask (3.1.2)"}
VULNERABLE = {
    "name": "waitress",
    "version": "3.0.0",
    "vulns": [{"id": "PYSEC-2024-1", "fix_versions": ["3.0.1"], "description": "x", "aliases": []}],
}


@pytest.fixture
def check(monkeypatch):
    spec = importlib.util.spec_from_file_location("known_vulnerabilities", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "known_vulnerabilities", module)
    spec.loader.exec_module(module)

    def run(*answers: list | None):
        """What each database answers in turn; None: it cannot be reached."""
        left = list(answers)

        def ran(*_, **__):
            answer = left.pop(0)
            said = "Traceback" if answer is None else json.dumps({"dependencies": answer})
            return subprocess.CompletedProcess([], 0, stdout=said)

        monkeypatch.setattr(module.subprocess, "run", ran)
        module.main()

    return run


def test_a_known_vulnerability_fails_the_run_and_says_which_version_mends_it(check):
    with pytest.raises(SystemExit) as end:
        check([FINE, VULNERABLE])
    assert end.value.code == "waitress 3.0.0: PYSEC-2024-1, mended in 3.0.1"


def test_packages_without_an_answer_are_named(check, capsys):
    check([FINE, SKIPPED])
    assert capsys.readouterr().out.splitlines() == [
        "1 packages looked up at pypi, 1 without an answer.",
        "  not answered for: flask",
    ]


def test_where_one_database_answers_for_nothing_the_other_is_asked(check, capsys):
    with pytest.raises(SystemExit):
        check([SKIPPED], [VULNERABLE])
    assert "“pypi” was not reached" in capsys.readouterr().out


def test_where_no_database_can_be_reached_that_is_said_and_nothing_fails(check, capsys):
    check(None, None)
    assert len(capsys.readouterr().out.splitlines()) == 2
