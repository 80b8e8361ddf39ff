"""How long a newcomer waits for `grapevine demo`, from the command to the first rumour, and what memory it takes.

python tests/benchmarks/start_up.py
"""

import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.journeys.server import Server, resident_megabytes

SETTLED_SECONDS = 60


def main() -> None:
    """Prints three lines."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), "demo").start()
        ready = time.monotonic()
        print(f"page ready {server.ready_after_seconds:.1f} s after the command")
        while not rumours_on_board(server):
            time.sleep(0.25)
        print(f"first rumour on the board {time.monotonic() - ready:.1f} s after the page was ready")
        time.sleep(SETTLED_SECONDS)
        processes = server.processes()
        print(f"{len(processes)} processes, {resident_megabytes(processes):,.0f} MB resident together")
        server.stop()


def rumours_on_board(server: Server) -> int:
    with urllib.request.urlopen(server.address + "health", timeout=10) as answer:
        return json.load(answer)["rumours_on_board"]


if __name__ == "__main__":
    main()
