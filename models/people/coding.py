"""The rules of the coding desk: who may code what, and what follows from what several people said of one flow."""

from collections.abc import Collection, Mapping

from models.domain.acts import Officer
from models.domain.rumours import Stance
from models.errors import Refused
from models.people.checks import refuse

# Up to three people code each flow, independently of one another (Procter, Vis and Voss 2013). Two at least: what is
# measured is their agreement.
FEWEST_CODERS = 2
MOST_CODERS = 3
LARGEST_SAMPLE = 500
# Under this name stands what the coders of a round agreed on.
CODING_DESK = "coding desk"


def person(name: str) -> str:
    """What tells people apart who sign with their names, however they write them.

    >>> person("J.  Officer") == person("j. officer")
    True
    """
    return " ".join(name.split()).casefold()


def person_of(officer: Officer) -> str:
    """What tells coders apart: the user where one was signed in, else the name.

    >>> person_of(Officer("J. Officer", "analyst", "Northgate Police", "u17"))
    'u17'
    """
    return person(officer.user or officer.name)


def names_apart(officers: Collection[Officer]) -> dict[str, str]:
    """What to call people, each once: person → name, with the service or a number where two have the same.

    >>> names_apart([Officer("J. Officer", "analyst", "Police", "u1"), Officer("J. Officer", "duty", "Fire", "u2")])
    {'u1': 'J. Officer', 'u2': 'J. Officer (Fire)'}
    """
    names: dict[str, str] = {}
    for one in officers:
        if (who := person_of(one)) in names:
            continue
        wanted = [one.name, *([f"{one.name} ({one.service})"] if one.service else [])]
        wanted += [f"{one.name} {number}" for number in range(2, len(names) + 3)]
        taken = {person(name) for name in names.values()}
        names[who] = next(name for name in wanted if person(name) not in taken)
    return names


def agreed(labels: Collection[Stance | None]) -> Stance | None:
    """What people agree on: all who did not skip the flow said it, and they are two at least; else None."""
    said = [label for label in labels if label is not None]
    return said[0] if len(said) > 1 and len(set(said)) == 1 else None


def differ(labels: Collection[Stance | None]) -> bool:
    """Whether people said different things of a flow, so that somebody else must settle it."""
    return len({label for label in labels if label is not None}) > 1


def check_round(coders: int, flows: int) -> None:
    """Raises Refused where so many people cannot code so many flows, by field."""
    problems = {}
    if not FEWEST_CODERS <= coders <= MOST_CODERS:
        problems["coders"] = f"Choose {FEWEST_CODERS} or {MOST_CODERS} coders."
    if flows == 0:
        problems["size"] = "There is no flow to draw yet: no rumour on the board has a claim and a stance."
    elif flows > LARGEST_SAMPLE:
        problems["size"] = f"Draw at most {LARGEST_SAMPLE} flows."
    refuse(problems)


def check_may_code(officer: Officer, coders: Mapping[str, str], places: int, finished: Collection[str]) -> None:
    """Raises Refused where this officer may not code in a round of so many `places`.

    `coders` are those who have coded in it: person → name; `finished` the persons whose labels are final.
    """
    who = person_of(officer)
    if who in finished:
        raise Refused({"round": "You have finished this round. Your labels are final."})
    if who not in coders and len(coders) >= places:
        raise Refused(
            {"round": f"This round has its {places} coders: {', '.join(coders.values())}. Wait for the next round."}
        )


def check_may_settle(officer: Officer, labels: Mapping[str, Stance | None]) -> None:
    """Raises Refused where an officer may not settle a flow of which each coder said this: person → label."""
    if person(officer.name) == CODING_DESK:
        raise Refused({"name": f"Enter your own name. “{CODING_DESK}” stands for what the coders agreed on."})
    if person_of(officer) in labels:
        raise Refused({"flow": "You coded this flow. Somebody who did not must settle it."})
    if not differ(labels.values()):
        raise Refused({"flow": "The coders do not differ on this flow. There is nothing to settle."})
