"""A store with two rumours on its board, and what people and the model can do to them, in few words."""

import numpy as np
import pytest

from dashboard.views.board import read_rows
from dashboard.views.rumour import page_of, read_rumour
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.rumours import EventKind, RumourEvent, Stance, StanceJudgement
from models.errors import Refused
from models.judgement.embed import DIMENSIONS
from models.people.acts import MODEL
from models.store.messages import JudgedPost, Judgement, Reassignment
from tests.builders import NOON, OFFICER, a_post, an_incident, save


def with_two_rumours(store) -> str:
    """On the board "dam" with the flows d1, d2, d3 and "bridge" with b1, b2."""
    incident = store.incidents.open(an_incident()).result()
    judge(store, incident, "dam", "d1", "d2", "d3")
    judge(store, incident, "bridge", "b1", "b2")
    return incident.id


def a_stance(label: Stance = Stance.SUPPORT, by: str = "model") -> StanceJudgement:
    return StanceJudgement(label, {one: float(one is label) for one in Stance}, by)


A_STANCE = a_stance()


def judge(store, incident, rumour, *flows, stance=A_STANCE, surfaced=True, **more) -> None:
    """Each flow with one post, named after it."""
    posts = [a_post(f"what {flow} says", id=f"test:{flow}") for flow in flows]
    save(store, incident, posts)
    stored = store.judgement.unjudged(incident.id, store.judgement.upto(incident.id), 1000)
    vector = np.ones(DIMENSIONS, np.float16)
    judged = [
        JudgedPost(post, flow, post.id, rumour, opens_flow=True, stance=stance, vector=vector)
        for flow, post in zip(flows, stored, strict=True)
    ]
    events = [RumourEvent(rumour, EventKind.TITLE, NOON, post=posts[0].id)] if posts else []
    if surfaced:
        events.append(RumourEvent(rumour, EventKind.SURFACED, NOON, detail={"rule": "several"}))
    number = more.pop("constraint_number", store.acts.constraints(incident.id).number)
    upto = stored[-1].place if stored else store.judgement.upto(incident.id)
    store.judgement.save(Judgement(incident.id, upto, judged, events, number, encoder="this", **more)).result()


def by_model(store, incident, *reassigned, stances=(), events=()) -> None:
    """A model run that opens no flow."""
    moved = [Reassignment(flow, rumour) for flow, rumour in reassigned]
    number, upto = store.acts.constraints(incident).number, store.judgement.upto(incident)
    store.judgement.save(Judgement(incident, upto, [], events, number, moved, stances)).result()


def merge(store, incident, rumour="dam", into="bridge", **more):
    return store.acts.merge(incident, rumour, into, OFFICER, "one claim", **more).result()


def refuse(store, incident, rumour="dam", other="bridge", **more):
    return store.acts.refuse(incident, rumour, other, OFFICER, "two places", **more).result()


def split(store, incident, *flows, rumour="dam", **more):
    return store.acts.split(incident, rumour, flows, OFFICER, "two claims", **more).result()


def move(store, incident, *flows, rumour="dam", into="bridge", **more):
    return store.acts.move(incident, rumour, flows, into, OFFICER, "belongs there", **more).result()


def undo(store, incident, decision, **more):
    return store.acts.undo(incident, decision.number, OFFICER, "a mistake", **more).result()


def where(store, incident, **moment) -> dict[str, set[str]]:
    """The rumours on the board with their flows, as every screen reads them."""
    found = {}
    for name, row in read_rows(store, incident, NOON, **moment).items():
        found[name] = {flow.id for flow in page_of(store, incident, row, NOON, **moment).flows}
        assert row.flows == len(found[name]), "the board and the rumour's page agree"
    return found


def stances(store, incident, rumour) -> dict[str, tuple[str, str]]:
    flows = read_rumour(store, incident, rumour, NOON).flows
    return {flow.id: (flow.stance.value, flow.coded_by or MODEL) for flow in flows}


def happened(store, incident, kind) -> list[RumourEvent]:
    return [event for event in store.judgement.events(incident) if event.kind is kind]


BEFORE = {"dam": {"d1", "d2", "d3"}, "bridge": {"b1", "b2"}}
MERGED = {"bridge": {"d1", "d2", "d3", "b1", "b2"}}


def correct(store, incident, rumour):
    draft = CorrectionDraft(rumour, Verdict.FALSE, "The dam is sound.", "X", "Gold commander", None, NOON)
    return store.acts.correct(incident, draft, OFFICER).result()


def refused(act) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act().result()
    return list(refusal.value.problems)


def everything(store, incident):
    return (
        store.judgement.final_rows(incident),
        store.judgement.events(incident),
        store.acts.decisions(incident),
        where(store, incident),
        list(map(repr, store.judgement.posts(incident, "this"))),
    )
