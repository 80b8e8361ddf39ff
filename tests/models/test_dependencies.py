"""What pyproject.toml declares is what the code imports, with an upper bound: neither more nor less."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "ingest", "dashboard")


# Extras that the application itself uses where they are installed; the others are for developers.
OWN_EXTRAS = ("pdf",)


def declared() -> list[str]:
    """The requirements of the application itself, with those of its own extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(one for extra in OWN_EXTRAS for one in extras[extra])]


def distribution_of(requirement: str) -> str:
    """The name alone, in one spelling."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def imported_modules() -> set[str]:
    """The first name of every import in the code that is neither ours nor Python's."""
    modules = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules.add(node.module)
    return {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - set(PACKAGES)


def imported() -> set[str]:
    """The distributions that the imported modules come from."""
    distributions = packages_distributions()
    return {distribution_of(name) for module in imported_modules() for name in distributions.get(module, [module])}


def test_everything_that_is_imported_is_declared():
    assert imported() - {distribution_of(requirement) for requirement in declared()} == set()


def test_everything_that_is_declared_is_imported():
    assert {distribution_of(requirement) for requirement in declared()} - imported() == set()


def test_everything_that_is_declared_has_a_lower_and_an_upper_bound():
    assert [requirement for requirement in declared() if not re.search(r">=[\d.]+,<[\d.]+$", requirement)] == []
