"""Where the handle of a post is found: in no screen, no export and no log of any role, but after a reveal.

    python -m tests.benchmarks.masked_handles [POSTS]

Reads POSTS (10,000) records, each with a handle that occurs nowhere else, as their author, in their words and in
their address; brings them into an incident of rumours of 100 posts; opens every page, runs every callback that it
can run, and takes every export, the report and the bubbles' file, for each role; reads all that was logged meanwhile.
Then an information manager reveals some. Prints how many handles were found where, and of how many posts the words
were seen.
"""

import io
import logging
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq

from dashboard.forms import bubbles_file, export, report, reveal
from dashboard.http.limits import RateLimits
from dashboard.paths import (
    ACCOUNT,
    AUDIT,
    INCIDENTS,
    NEW_INCIDENT,
    PARTS,
    SIGN_IN,
    SOURCES,
    bubbles_path,
    part_path,
    rumour_path,
)
from dashboard.publish.report import Section
from dashboard.publish.selection import Format
from ingest.normal_form import NormalForm
from models.clock import ReplayClock
from models.domain.incidents import Incident
from models.domain.posts import DeadLetter
from models.domain.sources import SourcePhase, SourceState
from models.domain.users import Role
from models.store import Store
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Arrival
from tests.builders import NOON, PRESENT
from tests.dashboard.little_browser import LittleBrowser
from tests.dashboard.world import INFORMATION, Somebody, SomeSources, an_app, judge, opened

POSTS = 10_000
# As many as the lists of a rumour show.
POSTS_A_RUMOUR = 100
REVEALED = 5
SOURCE = "test"
# No word, no id and no hash of this house looks like it.
HANDLE = re.compile(r"zqx\d+kw", re.IGNORECASE)
# In the words of each post beside its handle: that it was looked at.
PLACE = re.compile(r"pillar(\d+)x", re.IGNORECASE)
TEXTS = (
    "RT @{}: the dam above Northgate has burst",
    "@{} the dam above Northgate has burst, get out",
    "the dam has burst https://x.com/{}/status/1 get out",
    "the dam has burst, says {}.bsky.social from the hill",
    "@{}@mastodon.example the dam has burst, get out",
    "the dam has burst, ask {}@mail.example or ring",
    "the dam has burst (instagram.com/{}), get out",
    "via @{}.news the dam has burst, get out",
    "the dam has burst, https://{}:x@host.example says so",
    "“@{}: the dam has burst” is that true?",
    "the dam has burst, says /u/{} on a forum",
    "RT {}: the dam above Northgate has burst",
    "the dam has burst, mailto:{}@mail.example for more",
    "#dam burst, photo by @{}-photos, see youtube.com/@{}",
    "the dam has burst, says did:web:{}.example of the hill",
)


@dataclass
class Found:
    """How many handles were found in how many answers, by where; and the callbacks that answered."""

    handles: int = 0
    answers: int = 0
    where: Counter[str] = field(default_factory=Counter)
    called: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)
    logged: int = 0
    revealed: list[set[str]] = field(default_factory=list)

    def look(self, where: str, text: str) -> None:
        self.answers += 1
        self.seen.update(PLACE.findall(text))
        if found := set(map(str.lower, HANDLE.findall(text))):
            self.where[where[:80]] += len(found)


def look_everywhere(posts: int = POSTS, say: Callable[[str], None] = lambda line: None) -> Found:
    """Builds the world in a folder of its own, looks everywhere, and gives what was found."""
    found = Found(handles=posts)
    with tempfile.TemporaryDirectory() as folder, everything_logged() as log:
        store = DuckDBStore(Path(folder) / "store", ReplayClock(NOON, latest=PRESENT))
        try:
            # The app may well log nothing at all: this line shows that what is logged is heard.
            logging.getLogger(__name__).debug("looking for the handles of %d posts", posts)
            incident, rumours = a_world(store, posts)
            say(f"{posts:,} posts in {len(rumours)} rumours")
            app = an_app(store, SomeSources(SourceState(SOURCE, SourcePhase.READING, healthy=True)))
            for role in Role:
                browser = LittleBrowser(app, Somebody(f"A. {role.value}", role))
                open_every_page(browser, incident, rumours)
                take_everything(browser, found, incident, rumours[0])
                for where, text in browser.heard:
                    found.look(where, text)
                found.called |= browser.answered
                looked = f"{found.answers:,} answers looked at, posts seen {len(found.seen):,}"
                say(f"{role.value}: {looked}, handles found {found.where.total()}")
            reveal_some(LittleBrowser(app, INFORMATION), found, store, incident)
        finally:
            store.close()
        found.logged = len(log.getvalue())
        found.look("the log", log.getvalue())
    return found


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that any logger says meanwhile, however quiet."""
    log, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(log), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def a_world(store: Store, count: int) -> tuple[Incident, list[str]]:
    """An incident of rumours whose every post names somebody, and dead letters that do."""
    incident, reads = opened(store), NormalForm(SOURCE, b"key", official=[_handle(0), _handle(1)])
    posts = [reads.read(_record(number, count), store.engine.clock) for number in range(count)]
    rumours = []
    for first in range(0, count, POSTS_A_RUMOUR):
        rumours.append(f"rumour-{first}")
        judge(store, incident, posts[first : first + POSTS_A_RUMOUR], rumour=rumours[-1])
    letters = [
        DeadLetter(SOURCE, str(number), "wrong type: text", _payload(number), NOON)
        for number in range(min(count, 50))
    ]
    store.posts.add(Arrival(dead_letters=letters)).result()
    return incident, rumours


def _handle(number: int) -> str:
    return f"Zqx{number}kw"


def _record(number: int, count: int) -> dict[str, object]:
    handle, text = _handle(number), TEXTS[number % len(TEXTS)]
    return {
        "id": f"{SOURCE}:{number}",
        "author": handle,
        "author_followers": number,
        "text": text.replace("{}", handle) + f" near pillar{number}x",
        "created_at": f"2026-11-20T11:{number * 59 // count:02}:00Z",
        "url": f"https://x.com/{handle}/status/{number}",
    }


def _payload(number: int) -> str:
    return (
        f'{{"id": "{number}", "author": "{_handle(number)}", "text": 5, "url": "https://x.com/{_handle(number)}/1"}}'
    )


def open_every_page(browser: LittleBrowser, incident: Incident, rumours: list[str]) -> None:
    for path in ("/", "/_dash-dependencies", "/health", "/download", "/reveal", ACCOUNT, SIGN_IN):
        browser.get(path)
    for path in ("/", SOURCES, INCIDENTS, NEW_INCIDENT, AUDIT, *(part_path(incident.id, part) for part in PARTS)):
        browser.open(path, **{"source-chosen.data": SOURCE, "board-chosen.data": rumours[0]})
        # Of a moment of the past the pages are others.
        browser.open(path, f"?as_of={quote(store_moment())}", **{"source-chosen.data": SOURCE})
    for rumour in rumours:
        browser.open(rumour_path(incident.id, rumour))
        browser.open(bubbles_path(incident.id, rumour))
        browser.open("/", **{"board-chosen.data": rumour, "board-tabs.value": "all"})


def store_moment() -> str:
    return PRESENT.isoformat()


def take_everything(browser: LittleBrowser, found: Found, incident: Incident, rumour: str) -> None:
    """All that this role may take, as masked as it comes unless somebody asks otherwise."""
    about = {"incident": incident.id, "rumour": "", "as_of": "", "moment": ""}
    # Nobody reads the words of a PNG; the same picture is taken as SVG.
    for number, one in enumerate(one for one in Format if one is not Format.PNG):
        answer = browser.send(export.FORM, {"format": one.value, "reason": "a look"}, about, f"export {number}")
        _look_into(browser, found, f"export {one.value}", answer)
    values = {"sections": [one.value for one in Section], "reason": "a look"}
    _look_into(browser, found, "report", browser.send(report.FORM, values, about, "report", press="html"))
    for of in ("", rumour):
        drawn = about | {"rumour": of, "moment": NOON.isoformat(), "half_life": "60"}
        answer = browser.send(bubbles_file.FORM, {"kind": "svg", "reason": "a look"}, drawn, f"bubbles {of}")
        _look_into(browser, found, "bubbles", answer)


def _look_into(browser: LittleBrowser, found: Found, where: str, answer: dict) -> None:
    """Fetch the file that an answer gives a ticket for, if it does, and look at all that is in it."""
    ticket = (answer.get("keep") or {}).get("ticket")
    if ticket is None:
        return
    found.taken[where] += 1
    for text in texts_in(browser.post("/download", ticket=ticket)):
        found.look(where, text)


def texts_in(file: bytes) -> Iterator[str]:
    """What can be read in a file: of a zip each of its own, of Parquet its rows, of a picture its bytes."""
    if file.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(file))
        for name in archive.namelist():
            yield name
            yield from texts_in(archive.read(name))
    elif file.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(file))
        yield f"{table.to_pylist()} {table.schema.metadata}"
    else:
        yield file.decode("utf-8", errors="replace")


def reveal_some(browser: LittleBrowser, found: Found, store: Store, incident: Incident) -> None:
    """Reveals some posts: each answer names its own author alone."""
    for number in range(2, 2 + REVEALED):
        (row,) = [
            row
            for row in store.views.rows("posts_by_number", incident=incident.id, seqs=list(range(1, 500)))
            if row["id"] == f"{SOURCE}:{number}"
        ]
        about = {"incident": incident.id, "post": str(row["seq"])}
        answer = browser.send(reveal.FORM, {"reason": "trapped in a house"}, about, f"reveal {number}")
        found.look("the form of a reveal", str(answer))
        shown = browser.post("/reveal", ticket=answer["keep"]["reveal"]).decode()
        found.revealed.append(set(map(str.lower, HANDLE.findall(shown))))


def main() -> None:
    posts, began = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS, time.monotonic()
    # So much is opened that the limits of a browser would stop it; they have tests of their own.
    RateLimits.wait = lambda *_: 0
    found = look_everywhere(posts, say=print)
    print(f"{found.answers:,} answers, {len(found.called)} callbacks, {found.logged:,} characters of log")
    print(f"taken: {', '.join(f'{name} by {roles} roles' for name, roles in found.taken.items())}")
    print(f"{time.monotonic() - began:.0f} s")
    for where, count in found.where.most_common():
        print(f"FOUND {count} handles in {where}")
    print(f"Posts looked at, each at least once: {len(found.seen):,} of {found.handles:,}")
    print(f"Handles found: {found.where.total()}. Revealed: {len(found.revealed)} posts, each its own author.")
    sys.exit(1 if found.where else 0)


if __name__ == "__main__":
    main()
