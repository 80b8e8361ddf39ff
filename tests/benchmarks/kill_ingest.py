"""kill -9 at random moments of ingest: nothing acknowledged is lost, nothing stands twice, no child survives.

    python tests/benchmarks/kill_ingest.py ../shared/data/pheme_dev.jsonl.gz ottawashooting [KILLS]

Replays the collection as fast as it goes, kills the server KILLS (20) times at random moments, restarts it each
time, and at the end compares what is stored with the file, and what was judged with an uninterrupted `judge`.
"""

import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.commands.replay import folder_name
from models.clock import SystemClock
from models.store.duckdb.store import DuckDBStore
from tests.journeys.server import GRAPEVINE, Server

ROWS = "select count(*), count(distinct id) from posts"


def main() -> None:
    """Prints a line for each kill and a summary; exits with 1 when anything was lost, doubled or left running."""
    file, collection = Path(sys.argv[1]).resolve(), sys.argv[2]
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    chance = random.Random(1)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        expected = [line["id"] for line in judged(file, collection, folder)]
        server = a_server(folder, file, collection, speed=600)
        data = folder / "data" / "replays" / folder_name(file, collection)
        for number in range(1, kills + 1):
            server.start()
            time.sleep(chance.uniform(0.2, 6.0))
            survivors = server.kill()
            stored, distinct, acknowledged = standing(data, collection, file)
            lost = acknowledged - stored
            print(
                f"kill {number:2}: {stored:6,} posts stored, {acknowledged:6,} acknowledged, "
                f"{stored - distinct} twice, {len(survivors)} children left"
            )
            faults += [f"kill {number}: {lost} lost"] * (lost > 0)
            faults += [f"kill {number}: {stored - distinct} twice"] * (stored != distinct)
            faults += [f"kill {number}: children {survivors} survive"] * bool(survivors)
        # What is left comes at once.
        server = a_server(folder, file, collection, speed=1_000_000).start()
        while is_busy(server):
            time.sleep(2)
        server.stop()
        faults += differences(data, folder, expected)
    print("\n".join(faults) or f"{kills} kills: nothing lost, nothing twice, no child process left.")
    sys.exit(bool(faults))


def a_server(folder: Path, file: Path, collection: str, *, speed: int) -> Server:
    return Server(folder, "replay", file, "--collection", collection, "--speed", speed)


def judged(file: Path, collection: str, folder: Path) -> list[dict]:
    out = folder / "judged.jsonl"
    subprocess.run([GRAPEVINE, "judge", file, "--collection", collection, "--out", out], check=True)
    return [json.loads(line) for line in out.read_text().splitlines()]


def standing(data: Path, collection: str, file: Path) -> tuple[int, int, int]:
    """Posts stored, distinct ones, and how many the committed cursor says were acknowledged."""
    store = DuckDBStore(data, SystemClock())
    try:
        stored, distinct = store.engine.connection.execute(ROWS).fetchall()[0]
        line = int((store.sources.cursor(file.name) or "0:0").split(":")[1])
    finally:
        store.close()
    return stored, distinct, posts_up_to(file, collection, line)


def posts_up_to(file: Path, collection: str, line: int) -> int:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return sum(json.loads(text)["collection"] == collection for _, text in zip(range(line), stream, strict=False))


def is_busy(server: Server) -> bool:
    """Whether the running server still has posts to read or judge, told by the size of its database at rest."""
    before = (server.folder / "data").stat().st_mtime, _size(server.folder / "data")
    time.sleep(6)
    return before != ((server.folder / "data").stat().st_mtime, _size(server.folder / "data"))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def differences(data: Path, folder: Path, expected: list[str]) -> list[str]:
    store = DuckDBStore(data, SystemClock())
    try:
        (incident,) = store.incidents.all()
        rows = store.judgement.final_rows(incident.id)
    finally:
        store.close()
    lines = {line["id"]: line for line in map(json.loads, (folder / "judged.jsonl").read_text().splitlines())}
    elsewhere = sum(row.rumour != lines[row.id]["rumour"] for row in rows)
    print(f"{len(rows):,} posts judged; {elsewhere} in another rumour than by an uninterrupted `judge`")
    return [] if sorted(row.id for row in rows) == sorted(expected) else ["the posts at the end are not the file's"]


if __name__ == "__main__":
    main()
