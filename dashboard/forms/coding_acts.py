"""What comes of the labels that the coding desk sends: several at a time, each of them once.

The browser keeps what it sends until it is answered (`assets/coding.js`), and sends it again with the same names of
requests. The server checks each act, whatever the browser shows.
"""

import secrets
from collections.abc import Mapping
from concurrent.futures import Future
from enum import StrEnum
from typing import Any

from dashboard.access import SystemAct, acting, named
from dashboard.browser_input import NotConfirmed, committed, fields, one_of, request_name, words
from dashboard.services import Services
from dashboard.words import coding as coding_words
from models.domain.incidents import Incident
from models.domain.rumours import Stance
from models.errors import Refused
from models.people.coding import person, person_of

# Of one message: more come with the next.
MOST_ACTS = 50


class DeskAct(StrEnum):
    CODE = "code"
    FINISH = "finish"
    SETTLE = "settle"


_MAY = {
    DeskAct.CODE: SystemAct.CODE,
    DeskAct.FINISH: SystemAct.CODE,
    DeskAct.SETTLE: SystemAct.SETTLE_CODING,
}


def answer_to(services: Services, message: Any) -> dict[str, Any]:
    """What the browser gets for its acts: the requests that are `done`, and the `problems` of those refused.

    What is in neither is to be sent again. `ended` says that a coder has finished, after which the page is another.
    """
    message = fields(message)
    answer: dict[str, Any] = {
        "number": secrets.token_hex(4),
        "sent": words(message.get("number")),
        "done": [],
        "problems": {},
        "ended": False,
    }
    incident = services.incident(words(message.get("incident")))
    # Somebody else has signed in at this browser meanwhile: what was done before is not theirs.
    if incident is None or person_of(named(incident)) != person(words(message.get("coder"))):
        return answer
    acts = message.get("acts")
    for sent in acts[:MOST_ACTS] if isinstance(acts, list) else []:
        sent = fields(sent)
        request = words(sent.get("request"))
        try:
            committed(lambda sent=sent: _act(services, incident, sent))
        except Refused as refused:
            answer["problems"][request] = str(refused)
        except NotConfirmed:
            break
        else:
            answer["done"].append(request)
            answer["ended"] |= sent.get("act") == DeskAct.FINISH
    return answer


def _act(services: Services, one: Incident, sent: Mapping[str, Any]) -> Future[Any]:
    act, label = one_of(DeskAct, sent.get("act")), one_of(Stance, sent.get("label"))
    request, round_id, flow = request_name(sent), words(sent.get("round")), words(sent.get("flow"))
    if act is None:
        raise Refused({"act": coding_words.INCOMPLETE})
    officer, incident, codings = acting(_MAY[act], one), one.id, services.store.codings
    match act:
        case DeskAct.FINISH:
            return codings.finish(incident, round_id, officer, request)
        case DeskAct.SETTLE if label is not None:
            return codings.settle(incident, round_id, flow, label, officer, words(sent.get("reason")), request)
        case DeskAct.CODE if label is not None or sent.get("label") is None:
            return codings.code(incident, round_id, flow, label, officer, request)
        case _:
            raise Refused({"label": coding_words.NO_SUCH_STANCE})
