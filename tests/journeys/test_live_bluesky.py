"""A real Bluesky server's posts reach an incident over kill -9: none is lost, none stands twice, deletes hold."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.clock import SystemClock
from models.store.duckdb.store import DuckDBStore
from tests.ingest.bluesky_server import Account, Bridge, Pds, a_pds
from tests.journeys.server import Server
from tests.waiting import until

ROUNDS = 60
# So much is posted while Grapevine is down.
MISSED_ROUNDS = 2


@dataclasses.dataclass
class Said:
    """What was posted, by what should become of it here; a post is named by its address."""

    kept: dict[str, str] = dataclasses.field(default_factory=dict)
    removed: set[str] = dataclasses.field(default_factory=set)
    elsewhere: set[str] = dataclasses.field(default_factory=set)


@pytest.fixture(scope="module")
def pds() -> Iterator[Pds]:
    with a_pds() as pds:
        yield pds


@pytest.fixture
def bridge(pds) -> Iterator[Bridge]:
    with Bridge(pds.url) as bridge:
        yield bridge


@pytest.fixture
def server(tmp_path: Path, bridge) -> Iterator[Server]:
    (tmp_path / "config.toml").write_text(f'[sources.bluesky]\nhosts = ["{bridge.address}"]\n')
    server = Server(tmp_path, "run").start()
    until(lambda: bridge.asked, "Grapevine to connect")
    server.command("incident", "open", "Northgate flood", "--watch", "the dam", "--watch", "#northgate")
    yield server
    server.stop()


def talk(pds: Pds, said: Said, number: int, people: list[Account]) -> None:
    """One round: what people do with posts, watched for and not."""
    ann, bob, cat = people
    first = ann.post(f"{number}: is it true about the dam?")
    reply = bob.reply("it is what my neighbour says", first)
    said.kept[reply["uri"]] = "it is what my neighbour says"
    said.kept[cat.repost(first)["uri"]] = ""
    said.elsewhere.add(cat.post(f"lunch {number}")["uri"])
    match number % 4:
        case 0:
            said.kept[first["uri"]] = "no: the dam is whole"
            ann.edit(first, "no: the dam is whole")
        case 1:
            said.kept[first["uri"]] = f"{number}: is it true about the dam?"
            gone = bob.post("I saw #Northgate under water")
            bob.delete(gone)
            said.removed.add(gone["uri"])
        case 2:
            said.kept[first["uri"]] = f"{number}: is it true about the dam?"
            said.kept[bob.quote("look at this", first)["uri"]] = "look at this"
        case 3:
            # Its repost goes with it; the answer is the answerer's own.
            ann.delete(first)
            said.removed.add(first["uri"])
            (repost,) = [uri for uri in list(said.kept)[-1:] if "feed.repost" in uri]
            said.removed.add(repost)
            del said.kept[repost]


def stored(folder: Path) -> list[tuple[str, str, bool]]:
    """(id, text, whether it was removed) of every post, of a Grapevine that has ended."""
    store = DuckDBStore(folder, SystemClock())
    try:
        return store.engine.connection.execute("select id, text, removed_at is not null from posts").fetchall()
    finally:
        store.close()


def test_everything_arrives_once_and_deletes_are_honoured_over_kill_9(pds, bridge, server):
    said = Said()
    people = [pds.account(name) for name in ("ann", "bob", "cat")]
    leaver = pds.account("leaver")
    left = [leaver.post(f"the dam, {number}")["uri"] for number in range(3)]

    def talking() -> None:
        for number in range(ROUNDS):
            talk(pds, said, number, people)

    thread = threading.Thread(target=talking)
    thread.start()
    for rounds in (ROUNDS // 3, 2 * ROUNDS // 3):
        until(lambda rounds=rounds: len(said.elsewhere) >= rounds, "people to talk")
        assert server.kill() == []
        until(lambda rounds=rounds: len(said.elsewhere) > rounds + MISSED_ROUNDS, "people to talk meanwhile")
        server.start()
    thread.join()
    leaver.deactivate()
    last = people[0].post("the dam: that was the last word")["uri"]
    said.kept[last] = "the dam: that was the last word"
    said.removed.update(left)
    # The last word came last: with it, all else that people did has come.
    until(lambda: server.health()["posts_read"] >= len(said.kept) + len(said.removed), "the last word")
    assert server.stop() == 0

    rows = stored(server.folder / "data")
    assert len(rows) == len({post for post, _, _ in rows}), "a post stands twice"
    assert {post: text for post, text, removed in rows if not removed} == said.kept
    assert {post: text for post, text, removed in rows if removed} == dict.fromkeys(said.removed, "")
