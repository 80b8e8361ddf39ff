"""Fails where a package that is installed here has a vulnerability that is publicly known (pip-audit).

The databases are PyPI's and OSV's. What none of them answered for is told, and is no failure: what lands does not
hang on a server of others.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

DATABASES = ("pypi", "osv")
OURS = "grapevine"
SECONDS = 180


@dataclass
class Found:
    """By package: what is known against it; and the packages that a database was not asked about, or not answered."""

    vulnerable: dict[str, list[str]] = field(default_factory=dict)
    looked_up: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)


def read(report: dict[str, Any]) -> Found:
    """What pip-audit's JSON says."""
    found = Found()
    for one in report["dependencies"]:
        if one["name"] == OURS:
            continue
        if "skip_reason" in one:
            found.unanswered.add(one["name"])
            continue
        found.looked_up.add(one["name"])
        if one["vulns"]:
            name = f"{one['name']} {one['version']}"
            found.vulnerable[name] = [
                f"{known['id']}, mended in {', '.join(known['fix_versions']) or 'no version yet'}"
                for known in one["vulns"]
            ]
    return found


def ask(database: str) -> Found | None:
    """None where the database cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off"]
    try:
        ran = subprocess.run([*command, "-s", database], capture_output=True, text=True, timeout=SECONDS, check=False)
        return read(json.loads(ran.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return None


def main() -> None:
    for database in DATABASES:
        found = ask(database)
        if found is None or not found.looked_up:
            print(f"The database of vulnerabilities “{database}” was not reached: nothing was looked up there.")
            continue
        print(f"{len(found.looked_up)} packages looked up at {database}, {len(found.unanswered)} without an answer.")
        for name in sorted(found.unanswered):
            print(f"  not answered for: {name}")
        if found.vulnerable:
            sys.exit("\n".join(f"{name}: {'; '.join(known)}" for name, known in found.vulnerable.items()))
        return


if __name__ == "__main__":
    main()
