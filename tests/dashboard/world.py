"""Judged worlds for the screens: posts with their flow, rumour and stance, as the pipeline would save them."""

import json
from collections.abc import Sequence
from typing import Any

from dash import Dash

from dashboard.app import create_app
from models.config import Settings
from models.domain import EventKind, Incident, Post, RumourEvent, SourceState, Stance, StanceJudgement
from models.store.protocol import JudgedPost, Judgement, Store
from tests.builders import NOON, an_incident, save

DUTY = {"name": "J. Officer", "role": "duty"}
ANALYST = {"name": "A. Nalyst", "role": "analyst"}


class NoSources:
    def states(self) -> list[SourceState]:
        return []


def an_app(store: Store) -> Dash:
    return create_app(store, Settings(), store.clock, NoSources())


def judge(
    store: Store,
    incident: Incident,
    posts: Sequence[Post],
    *,
    rumour: str = "dam",
    stances: Sequence[Stance | None] = (),
    surfaced: bool = True,
    likelihood: float | None = None,
    reasons: Sequence[dict[str, Any]] = (),
    flow: str | None = None,
) -> None:
    """Bring posts in and judge them all into one rumour; each opens a flow unless `flow` names one for all."""
    stances = [*stances, *[Stance.SUPPORT] * (len(posts) - len(stances))]
    save(store, incident, posts)
    stored = {post.id: post for post in store.unjudged(incident.id, store.judged_upto(incident.id), 10_000)}
    judged = [
        JudgedPost(
            post=stored[post.id],
            flow=flow or post.id,
            thread=post.id,
            rumour=rumour,
            opens_flow=flow is None or place == 0,
            stance=None if stance is None else _judgement(stance),
        )
        for place, (post, stance) in enumerate(zip(posts, stances, strict=True))
    ]
    events = [RumourEvent(rumour, EventKind.TITLE, posts[0].arrived_at, post=posts[0].id)]
    if surfaced:
        events.append(RumourEvent(rumour, EventKind.SURFACED, posts[-1].arrived_at, detail={"rule": "several"}))
    if likelihood is not None:
        detail = {"reasons": list(reasons)}
        events.append(RumourEvent(rumour, EventKind.SCORE, NOON, likelihood=likelihood, detail=detail))
    store.save_judgement(Judgement(incident.id, max(p.place for p in stored.values()), judged, events)).result()


def _judgement(stance: Stance) -> StanceJudgement:
    return StanceJudgement(stance, {one: float(one is stance) for one in Stance}, "model")


def opened(store: Store, **changes: Any) -> Incident:
    return store.open_incident(an_incident(**changes)).result()


def call(app: Dash, output: str, inputs: list[tuple[str, Any]], state: list[tuple[str, Any]], trigger: str) -> Any:
    """POST to the callback that `output` (a part of its name) belongs to; what the browser would get back."""
    name, wanted = next((key, value) for key, value in app.callback_map.items() if output in key)
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in name.strip(".").split("...")
    ]
    given, known = dict(inputs), dict(state)
    body = {
        "output": name,
        "outputs": outputs if name.startswith("..") else outputs[0],
        "inputs": [{**one, "value": given[f"{one['id']}.{one['property']}"]} for one in wanted["inputs"]],
        "state": [{**one, "value": known.get(f"{one['id']}.{one['property']}")} for one in wanted["state"]],
        "changedPropIds": [trigger],
    }
    answer = app.server.test_client().post(
        "/_dash-update-component", data=json.dumps(body), content_type="application/json", base_url="http://127.0.0.1"
    )
    assert answer.status_code in {200, 204}, answer.text
    return json.loads(answer.text)["response"] if answer.status_code == 200 else {}
