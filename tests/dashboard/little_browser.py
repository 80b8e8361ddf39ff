"""A browser without a screen: opens a page, calls what the page would call, and keeps every answer as text.

It knows no page by name. What a page draws says which callbacks can run; what they answer goes into the next ones. So
a new page, and a new callback, is looked at without a line here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dash import Dash

from tests.dashboard.world import Somebody, browser_of

BASE = "http://127.0.0.1"
# Answers feed other callbacks, as a page's first poll gives the token that its lists are drawn for.
ROUNDS = 3


class LittleBrowser:
    """Signed in as somebody. Everything that it was answered stands in `heard`, with where it came from."""

    def __init__(self, app: Dash, who: Somebody):
        self._app = app
        self._client = browser_of(app, who)
        self._known: dict[str, Any] = {}
        # What stands around every page: a browser asks for it once.
        self._shell: Any = None
        self.heard: list[tuple[str, str]] = []
        self.answered: set[str] = set()

    def get(self, path: str) -> str:
        answer = self._client.get(path, base_url=BASE)
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        self.heard.append((path, answer.text))
        return answer.text

    def open(self, path: str, search: str = "", **values: Any) -> None:
        """Open a page and run what can run on it; `values` are what a person chose there, by "id.property"."""
        self._known = {"live.data": {}, "paused.data": False}
        if self._shell is None:
            self._shell = json.loads(self.get("/_dash-layout"))
        self._keep_drawn(self._shell)
        self._known |= {"url.pathname": path, "url.search": search}
        self._call(next(name for name in self._app.callback_map if "content.children" in name), "url.pathname")
        self._known |= values
        called: dict[str, list[Any]] = {}
        for _ in range(ROUNDS):
            for name in self._callbacks():
                given = [self._known.get(key) for key in self._inputs(name)]
                if called.get(name) != given:
                    called[name] = given
                    self._call(name, self._inputs(name)[0])

    def post(self, path: str, **form: str) -> bytes:
        answer = self._client.post(path, data=form, base_url=BASE)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.data

    def send(
        self, form: Any, values: Mapping[str, Any], about: Mapping[str, Any], request: str, press: str = "save"
    ) -> dict[str, Any]:
        """Send a form; the answer to it."""
        message = {"press": press, "request": request, "values": values, "about": about, "changed": list(values)}
        self._known[f"{form.sent_id}.data"] = message
        name = next(name for name in self._app.callback_map if f"..{form.answer_id}.data" in name)
        self._call(name, f"{form.sent_id}.data")
        return self._known[f"{form.answer_id}.data"]

    def _callbacks(self) -> list[str]:
        """Those of the server whose inputs all stand on the page, but for what sends a form."""
        ids = {key.rsplit(".", 1)[0] for key in self._known}
        return [
            name
            for name, one in self._app.callback_map.items()
            if one.get("callback") is not None
            and "content.children" not in name
            and not any(key.endswith("-sent.data") for key in self._inputs(name))
            and all(key.rsplit(".", 1)[0] in ids for key in self._inputs(name))
        ]

    def _inputs(self, name: str) -> list[str]:
        return [f"{one['id']}.{one['property']}" for one in self._app.callback_map[name]["inputs"]]

    def _call(self, name: str, trigger: str) -> None:
        wanted = self._app.callback_map[name]
        parts = [part.rsplit(".", 1) for part in name.strip(".").split("...")]
        outputs = [{"id": one, "property": prop} for one, prop in parts]
        body = {
            "output": name,
            "outputs": outputs if name.startswith("..") else outputs[0],
            "inputs": [self._filled(one) for one in wanted["inputs"]],
            "state": [self._filled(one) for one in wanted["state"]],
            "changedPropIds": [trigger],
        }
        answer = self._client.post("/_dash-update-component", json=body, base_url=BASE)
        self.heard.append((name, answer.text))
        assert answer.status_code in {200, 204}, f"{name}: {answer.status_code} {answer.text}"
        if answer.status_code == 200:
            self.answered.add(name)
            for one, props in json.loads(answer.text)["response"].items():
                for prop, value in props.items():
                    self._known[f"{one}.{prop}"] = value
                    self._keep_drawn(value)

    def _filled(self, one: Mapping[str, str]) -> dict[str, Any]:
        key = f"{one['id']}.{one['property']}"
        return {**one, "value": [] if "ALL" in one["id"] else self._known.get(key)}

    def _keep_drawn(self, drawn: Any) -> None:
        for props in _components(drawn):
            if isinstance(props.get("id"), str):
                # That it stands there is known even where it holds nothing.
                self._known.setdefault(f"{props['id']}.", None)
                self._known |= {f"{props['id']}.{name}": value for name, value in props.items()}


def _components(drawn: Any) -> Iterator[dict[str, Any]]:
    """The properties of every component in what was drawn."""
    if isinstance(drawn, list):
        for one in drawn:
            yield from _components(one)
    elif isinstance(drawn, dict) and isinstance(props := drawn.get("props"), dict):
        yield props
        yield from _components(props.get("children"))
