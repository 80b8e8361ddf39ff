"""Runs the README's first command as it stands, in this clone, until a rumour of the exercise is on the board.

The command is read from the README, so that what is tested is what a newcomer is told to type.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

INSTALL_SECONDS = 900
RUMOUR_SECONDS = 30
ADDRESS = "http://127.0.0.1:8050/"


def main() -> None:
    """Prints how long it took; exits with 1 when no rumour shows in time."""
    readme = Path("README.md").read_text(encoding="utf-8")
    command = re.search(r"^python3 -m venv .*grapevine demo$", readme, re.MULTILINE).group()
    print(f"$ {command}", flush=True)
    with Path("first_command.log").open("wb") as log:
        process = subprocess.Popen(["bash", "-c", command], stdout=log, stderr=log, start_new_session=True)
    try:
        began = time.monotonic()
        wait_for(answers, INSTALL_SECONDS, process)
        ready = time.monotonic()
        print(f"the page is ready {ready - began:.0f} s after the command was typed", flush=True)
        wait_for(rumours, RUMOUR_SECONDS, process)
        print(f"the first rumour is on the board {time.monotonic() - ready:.1f} s later")
    finally:
        os.killpg(process.pid, signal.SIGTERM)


def wait_for(happened, seconds: float, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if happened():
            return
        time.sleep(0.5)
    sys.exit(f"not within {seconds} s:\n" + Path("first_command.log").read_text(errors="replace")[-3000:])


def answers() -> bool:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=5):
            return True
    except OSError:
        return False


def rumours() -> int:
    """How many rumours the running server has on its board."""
    with urllib.request.urlopen(ADDRESS + "health", timeout=5) as answer:
        return json.load(answer)["rumours_on_board"]


if __name__ == "__main__":
    main()
