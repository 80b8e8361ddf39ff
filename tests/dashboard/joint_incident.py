"""An incident of the police, in which the fire service acts and the ambulance looks, full of what people wrote.

Each note has a secret word of its own: `police…` for those of the owner, `fire…` of the partner who acts, `shared…`
where the writer lets partners read it.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from models.domain.acts import Act, Consultation, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.imports import ImportEnd
from models.domain.incidents import Incident
from models.domain.rumours import Stance
from models.domain.sightings import HeardBy, SightingDraft
from models.domain.users import Role
from models.store import Store
from models.store.messages import JudgedPost, Judgement
from tests.builders import NOON, a_post, an_import, an_incident
from tests.contracts.a_round import code_all, start
from tests.dashboard.world import ANALYST, COMMS, DUTY, Somebody, judge

POLICE, FIRE, AMBULANCE, COUNCIL = "Northgate Police", "Northgate Fire", "Northgate Ambulance", "Northgate Council"
# Of no form's examples.
NAME = "Zeppelin yard"
FIRE_COMMS = Somebody("F. Comms", Role.COMMS, FIRE)
# At the command line, where nobody is signed in: what they write is the owner's.
AT_THE_COMMAND_LINE = Officer("J. Terminal", "duty")
NOTE = re.compile(r"zq(?:police|fire|shared)\d+x")


@dataclass(frozen=True)
class JointIncident:
    incident: Incident
    # A moment of the past at which all had been decided, as an address names it.
    halfway: str
    rumours: tuple[str, ...] = ("dam", "bridge", "school")


def joint_incident(store: Store) -> JointIncident:
    shared = {"of_service": POLICE, "acted_on_by": (FIRE,), "seen_by": (AMBULANCE,)}
    # Whoever guesses an address reads it again in the answer: the name stands in no address.
    incident = store.incidents.open(replace(an_incident(NAME, **shared), id="joint")).result()
    posts = [a_post(f"The dam has burst {n}", id=f"dam-{n}", minute=n) for n in range(5)]
    judge(store, incident, posts, rumour="dam")
    judge(store, incident, [a_post(f"The bridge is shut {n}", minute=6 + n) for n in range(3)], rumour="bridge")
    judge(store, incident, [a_post("The school is shut", minute=9)], rumour="school")
    judge(store, incident, [a_post("Looters in Market Street", minute=10)], rumour="looters")
    _decide_everything(store, incident.id)
    store.incidents.record(replace(incident, purpose="to save lives"), DUTY.officer, _note("police", 9)).result()
    halfway = quote(store.last_known_at().isoformat())
    _write_everything_else(store, incident)
    return JointIncident(incident, halfway)


def _decide_everything(store: Store, incident: str) -> None:
    acts, by = store.acts, DUTY.officer
    acts.decide(incident, "dam", Act.TAKE, by, _note("police", 1), "the request of the police").result()
    acts.decide(incident, "dam", Act.PARK, by, _note("shared", 1), shared=True).result()
    acts.decide(incident, "dam", Act.REOPEN, AT_THE_COMMAND_LINE, _note("police", 2)).result()
    acts.decide(incident, "bridge", Act.TAKE, FIRE_COMMS.officer, _note("fire", 1)).result()
    acts.decide(incident, "bridge", Act.PARK, FIRE_COMMS.officer, _note("shared", 2), shared=True).result()
    acts.refuse(incident, "dam", "bridge", by, _note("police", 3)).result()
    split = acts.split(incident, "dam", ["dam-3"], by, _note("police", 4)).result()
    acts.undo(incident, split.number, by, _note("police", 5)).result()
    acts.move(incident, "dam", ["dam-4"], "bridge", by, _note("police", 6)).result()
    acts.merge(incident, "looters", "school", by, _note("police", 7)).result()
    draft = CorrectionDraft("dam", Verdict.FALSE, "The dam is whole.", "radio", "Gold commander", None, NOON)
    acts.correct(incident, draft, by).result()


def _write_everything_else(store: Store, incident: Incident) -> None:
    for number, (officer, note, shared) in enumerate(
        [
            (DUTY.officer, _note("police", 8), False),
            (DUTY.officer, _note("shared", 3), True),
            (FIRE_COMMS.officer, _note("fire", 2), False),
        ]
    ):
        heard = SightingDraft(f"Water in street {number}", HeardBy.RADIO, NOON, note, shared=shared)
        judge_sighting(store, incident, heard, officer)
    taken = Consultation(incident.id, "csv", "the whole incident", NOON, ANALYST.officer, _note("police", 10))
    store.consultations.record(taken).result()
    one = an_import(incident.id, officer=ANALYST.officer, reason=_note("police", 11))
    store.imports.end(store.imports.begin(one).result().id, ImportEnd.DONE).result()
    _code(store, incident.id)
    store.annotations.pin(incident.id, "dam", NOON, "A caption for all", DUTY.officer).result()


def judge_sighting(store: Store, incident: Incident, heard: SightingDraft, officer: Officer) -> None:
    """Log a sighting, and judge it into the rumour of the dam."""
    store.acts.log_sighting(incident.id, heard, officer).result()
    new = store.judgement.unjudged(incident.id, store.judgement.upto(incident.id), 10)
    judged = [JudgedPost(post=one, flow=one.id, thread=one.id, rumour="dam", opens_flow=True) for one in new]
    number = store.acts.constraints(incident.id).number
    store.judgement.save(Judgement(incident.id, new[-1].place, judged, [], number)).result()


def _code(store: Store, incident: str) -> None:
    made = start(store, incident, "dam-1", coders=2, claim="dam-0")
    code_all(store, incident, made, {DUTY.officer: "d", COMMS.officer: "s"})
    store.codings.end(incident, made, ANALYST.officer, _note("police", 12)).result()
    store.codings.settle(incident, made, "dam-1", Stance.DENY, ANALYST.officer, _note("police", 13)).result()


def _note(whose: str, number: int) -> str:
    return f"because zq{whose}{number}x said so"
