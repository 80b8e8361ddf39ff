"""Hostile requests to every door, for a while: no answer says 500, none shows a traceback, no error is unforeseen.

    python tests/benchmarks/fuzz.py [MINUTES]

For MINUTES (30) hypothesis draws requests to the app of a world with rumours, a webhook and the door of the commands:
callbacks with what their pages would send, spoilt in places; callbacks as Dash would never call them; addresses with
any state; forms and files; signed and unsigned messages of a sender; commands with and without the token. Prints how
many requests were answered how, and each fault with the smallest request that shows it.
"""

import base64
import json
import logging
import os
import random
import string
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[2]))

import dash
from apscheduler.schedulers.background import BackgroundScheduler
from dash import Dash
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from dashboard.http import command_api
from dashboard.http.limits import CALLBACKS, RateLimits
from dashboard.paths import ACCOUNT, PARTS, SIGN_IN, part_path, rumour_path
from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.control import Sources
from ingest.running.imports import Imports
from ingest.running.worker import Worker
from ingest.sources.webhook import Webhook
from models.clock import SystemClock
from models.domain.incidents import Watch
from models.domain.users import Role
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_post
from tests.dashboard.access_table import TOKEN, doors
from tests.dashboard.test_access_table import body as body_of_line
from tests.dashboard.test_access_table import of_kind
from tests.dashboard.world import HERE, Somebody, an_app, browser_of, judge, opened
from tests.ingest.test_webhook import signed

MINUTES = 30.0
DRAWS_A_ROUND = 200
SECRET_ENV = "GRAPEVINE_FUZZ_SECRET"
KEY = b"thirty-two bytes of test secret!"
# Dash answers a body that is no call of a callback with an error of its own; the server says 400.
DASHS_OWN = str(Path(dash.__file__).parent)
NOT_TO_BE_CALLED = 500


# --- What hostile requests are made of -----------------------------------------------------------

NASTY = st.sampled_from(
    [
        *(
            "",
            " ",
            "\x00",
            "\ud800",
            "\u202egpj.exe",
            "é" * 3,
            "Z̸̡͎͝a̵̹͘l̶̰̈́g̷̗̏o̵",
            "<script>alert(1)</script>",
            "{{7*7}}",
            "%00",
        ),
        *(
            "../../etc/passwd",
            "' OR 1=1 --",
            "javascript:alert(1)",
            "//evil.example",
            "\r\nSet-Cookie: a=b",
            "9" * 400,
        ),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-11-20T21:40:00", "NaN", "-1", "1e999"),
        *("police", "__proto__", "constructor", "a" * 20_000, "\N{FULLWIDTH COMMERCIAL AT}jo", "=cmd()", "١٢"),
    ]
)
TEXTS = st.one_of(NASTY, st.text(max_size=40), st.text(string.printable, max_size=20))
NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([0, -1, 2**31, 2**63, 2**64, 10**400, 1e308, -0.0, 1.5])
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
HOSTILE = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def spoilt(draw: Any, whole: Any) -> Any:
    """A value of JSON with up to three of its parts replaced, taken out or doubled."""
    whole = deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(whole))
        if not places:
            return draw(HOSTILE)
        holder, key = draw(st.sampled_from(places))
        how = draw(st.integers(0, 9))
        if how == 0 and isinstance(holder, dict):
            del holder[key]
        elif how == 1 and isinstance(holder, dict):
            holder[draw(TEXTS)] = holder[key]
        elif how == 2 and isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
        else:
            holder[key] = draw(HOSTILE)
    return whole


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place within a value: what holds it, and under which key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _places(inner)


# --- The world that is asked ---------------------------------------------------------------------


@dataclass
class Report:
    """What came of it. `faults`: what was wrong → the smallest request that showed it."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


class Heard(logging.Handler):
    """The errors that were logged since it was asked last."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage() + (str(record.exc_info) if record.exc_info else ""))

    def unforeseen(self) -> list[str]:
        """Each but those that Dash raises itself for what is no call of a callback."""
        lines, self.lines = self.lines, []
        return [line for line in lines if not (CALLBACKS in line and DASHS_OWN in line.split(", called from ")[0])]


class Fuzz:
    """The doors of one app, and the requests to each."""

    def __init__(self, store: DuckDBStore, app: Dash, heard: Heard, report: Report):
        self.store, self.app, self.heard, self.report = store, app, heard, report
        self.incident = store.incidents.all()[0]
        self._numbers = count()
        self.people = [Somebody(f"The {role}", role) for role in Role]
        self.calls = [
            body_of_line(app, door, line, self.incident, who)
            for door, line in of_kind(app, "callback")
            for who in self.people[:1]
        ]
        self.places = [
            *("/", "/sources", "/incidents", "/incidents/new", ACCOUNT, SIGN_IN, "/set-up", "/sign-in/code"),
            *(part_path(self.incident.id, part) for part in sorted(PARTS)),
            rumour_path(self.incident.id, "dam"),
        ]
        self.posts = sorted(
            door.key
            for door, _ in of_kind(app, "route")
            if door.name.startswith("POST ") and "<" not in door.key and command_api.BELOW not in door.key
        )
        self.commands = [
            (way, {"officer": {"name": "A. Person", "role": role.value}, "existing": self.incident.id, **asked})
            for door in doors(app)
            if door.kind == "command"
            for way, asked in [line.sent for line in door.lines if line.sent]
            for role in (Role.ADMINISTRATOR, Role.INFORMATION_MANAGER)
        ]

    def targets(self) -> dict[str, Callable[[st.DataObject], None]]:
        return {
            "callbacks": self.callbacks,
            "callbacks out of order": self.callbacks_out_of_order,
            "addresses": self.addresses,
            "pages at an address": self.pages,
            "forms and files": self.forms,
            "webhook": self.webhook,
            "commands": self.command,
        }

    def callbacks(self, data: st.DataObject) -> None:
        """As the page would call it, with what it holds spoilt."""
        call = deepcopy(data.draw(st.sampled_from(self.calls)))
        values = [one for one in call["inputs"] + call["state"] if isinstance(one, dict)]
        if values:
            one = data.draw(st.sampled_from(values))
            one["value"] = data.draw(HOSTILE if one.get("value") is None else spoilt(one["value"]))
        self._post("callbacks", CALLBACKS, data, json.dumps(call))

    def callbacks_out_of_order(self, data: st.DataObject) -> None:
        call = data.draw(spoilt(data.draw(st.sampled_from(self.calls))))
        self._post("callbacks out of order", CALLBACKS, data, json.dumps(call))

    def addresses(self, data: st.DataObject) -> None:
        path, query = self._address(data)
        who = data.draw(st.sampled_from([None, *self.people]))
        answer = browser_of(self.app, who).get(f"{path}?{query}", base_url=HERE)
        self._judge("addresses", answer)

    def pages(self, data: st.DataObject) -> None:
        """What a page draws of its address: Dash asks for it by a callback."""
        path, query = self._address(data)
        call = deepcopy(next(one for one in self.calls if "content.children" in one["output"]))
        call["inputs"][0]["value"], call["inputs"][1]["value"] = path, f"?{query}"
        self._post("pages at an address", CALLBACKS, data, json.dumps(call))

    def _address(self, data: st.DataObject) -> tuple[str, str]:
        path = data.draw(st.sampled_from(self.places))
        if data.draw(st.booleans()):
            path += quote("/" + data.draw(TEXTS).encode("utf-8", "replace").decode(), safe="/%")[:2_000]
        names = st.sampled_from(
            ["as_of", "rumours", "next", "wall", "by", "tab", "q", "beside", "key", "ticket", "x", "from", "to"]
        )
        pairs = data.draw(st.lists(st.tuples(names, TEXTS), max_size=4))
        query = "&".join(f"{name}={quote(value.encode('utf-8', 'replace')[:3_000])}" for name, value in pairs)
        return path, query

    def forms(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from([one for one in self.posts if one not in ("/sign-out", CALLBACKS)]))
        names = st.sampled_from(
            ["next", "name", "password", "code", "key", "ticket", "upload", "at", "session", "new", "again", "person"]
        )
        if data.draw(st.booleans()):
            form = data.draw(st.dictionaries(names, TEXTS, max_size=5))
            sent = {"data": {name: value.encode("utf-8", "replace") for name, value in form.items()}}
        elif data.draw(st.booleans()):
            sent = {"data": json.dumps(data.draw(HOSTILE)), "content_type": "application/json"}
        else:
            sent = {"data": data.draw(st.binary(max_size=200)), "content_type": data.draw(CONTENT_TYPES)}
        query = data.draw(st.dictionaries(names, st.one_of(NUMBERS.map(str), TEXTS), max_size=3))
        query = {name: value.encode("utf-8", "replace")[:2_000] for name, value in query.items()}
        who = data.draw(st.sampled_from([None, *self.people]))
        # Whoever's password it is would be at work for a second with each.
        answer = browser_of(self.app, who).post(path, query_string=query, base_url=HERE, **sent)
        self._judge("forms and files", answer)

    def webhook(self, data: st.DataObject) -> None:
        sender = data.draw(st.sampled_from(["tipline"] * 5 + ["nobody", "%00", "a" * 300]))
        if data.draw(st.integers(0, 4)) == 0:
            message = data.draw(st.binary(max_size=300))
        else:
            message = json.dumps(
                data.draw(st.one_of(HOSTILE, spoilt(RECORD), spoilt({"posts": [RECORD] * 3})))
            ).encode()
        headers = signed(message, message_id=f"m{next(self._numbers)}", at=SystemClock().now(), key=KEY)
        if data.draw(st.integers(0, 4)) == 0:
            name = data.draw(st.sampled_from(sorted(headers)))
            headers[name] = data.draw(st.text(string.printable.replace("\r", "").replace("\n", ""), max_size=60))
        answer = self.app.server.test_client().post(f"/in/{sender}", data=message, headers=headers, base_url=HERE)
        self._judge("webhook", answer)

    def command(self, data: st.DataObject) -> None:
        way, asked = data.draw(st.sampled_from(self.commands))
        token = data.draw(st.sampled_from([TOKEN, TOKEN, TOKEN, "", "wrong"]))
        sent = json.dumps(data.draw(st.one_of(spoilt(asked), HOSTILE)))
        answer = self.app.server.test_client().post(
            f"/command/{way}",
            data=sent,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
            base_url=HERE,
        )
        self._judge("commands", answer)

    def _post(self, target: str, path: str, data: st.DataObject, sent: str) -> None:
        who = data.draw(st.sampled_from(self.people))
        answer = browser_of(self.app, who).post(path, data=sent, content_type="application/json", base_url=HERE)
        self._judge(target, answer)

    def _judge(self, target: str, answer: Any) -> None:
        self.report.answers[target, answer.status_code] += 1
        unforeseen = self.heard.unforeseen()
        assert answer.status_code < NOT_TO_BE_CALLED, f"{answer.status_code}: {answer.text[:300]}"
        assert not unforeseen, unforeseen[0]
        assert "Traceback (most recent call last)" not in answer.get_data(as_text=True)


CONTENT_TYPES = st.sampled_from(
    [
        *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"),
        *("multipart/form-data", "application/octet-stream", "", "application/json; charset=utf-7"),
    ]
)
RECORD = {
    "id": "7",
    "text": "The dam has burst",
    "author": "jo",
    "reply_to": "6",
    "created_at": "2026-11-20T11:00:00Z",
    "links": ["https://news.example/1"],
    "location": {"lat": 51.5, "lon": -0.1},
}


@contextmanager
def a_world(folder: Path) -> Iterator[tuple[DuckDBStore, Dash]]:
    """A server's app with an incident, rumours, a tipline and a door for commands; no limit of how often one asks."""
    os.environ[SECRET_ENV] = "whsec_" + base64.b64encode(KEY).decode()
    clock = SystemClock()
    with ExitStack() as closing:
        store = DuckDBStore(folder / "store", clock)
        closing.callback(store.close)
        incident = opened(store, watch=Watch(terms=("dam",), sources=("webhook:tipline",)))
        judge(store, incident, [a_post(f"The dam has burst, house {one}", minute=one) for one in range(12)])
        judge(store, incident, [a_post(f"No water at house {one}", minute=one) for one in range(5)], rumour="water")
        scheduler = BackgroundScheduler()
        scheduler.start(paused=True)
        closing.callback(scheduler.shutdown)
        sources, source = Sources(store, clock, scheduler), Webhook("tipline", SECRET_ENV)
        form = NormalForm(source.name, b"key", pushed=True)
        match = Matcher(store, source.name, form.pseudonym).match
        sources.open([Worker(source, store, form, match, clock, name=source.name)])
        imports = Imports(store, clock, folder, lambda name: NormalForm(name, b"key"), 1_000_000)
        app = an_app(store, sources, imports)
        command_api.register(app, store, clock, TOKEN)
        # What is behind the limits is looked at; the limits have tests of their own.
        was, RateLimits.wait = RateLimits.wait, lambda *_: 0
        closing.callback(setattr, RateLimits, "wait", was)
        yield store, app


def fuzz(
    seconds: float,
    draws_a_round: int = DRAWS_A_ROUND,
    *,
    only: str | None = None,
    chance: random.Random | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Ask for so long, each door in turn, at least once; from the first fault of a door on it is let be.

    `only` names the one door to ask at. `chance` chooses what is drawn.
    """
    report, heard, ends = Report(), Heard(), time.monotonic() + seconds
    chance = chance or random.Random()
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder)) as (store, app):
        logging.getLogger().addHandler(heard)
        try:
            targets = Fuzz(store, app, heard, report).targets()
            targets = {name: target for name, target in targets.items() if only in (None, name)}
            while targets:
                for name, target in list(targets.items()):
                    if (fault := _round(target, draws_a_round, chance)) is not None:
                        report.faults[name] = fault
                        del targets[name]
                        say(f"FAULT in {name}:\n{fault}")
                if time.monotonic() > ends:
                    break
        finally:
            logging.getLogger().removeHandler(heard)
    return report


def _round(target: Callable[[st.DataObject], None], draws: int, chance: random.Random) -> str | None:
    """The smallest request that showed a fault, or None."""

    @seed(chance.randrange(2**32))
    @settings(
        max_examples=draws,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(st.data())
    def one_round(data: st.DataObject) -> None:
        target(data)

    try:
        one_round()
    except BaseException as error:  # whatever it is, it is what was looked for
        if isinstance(error, KeyboardInterrupt):
            raise
        return "\n".join([f"{type(error).__name__}: {error}"[:2_000], *getattr(error, "__notes__", [])])[:4_000]
    return None


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    logging.getLogger().addHandler(logging.NullHandler())
    report = fuzz(minutes * 60, say=print)
    for (target, status), times in sorted(report.answers.items()):
        print(f"{target}: {status} {times:,} times")
    print(f"{report.answers.total():,} requests in {minutes:g} minutes, faults: {len(report.faults)}")
    sys.exit(1 if report.faults else 0)


if __name__ == "__main__":
    main()
