"""Small incidents of our own making, each of one difficulty that people met in the field.

Every function gives the labelled records of one incident in order of time. What is told of several places, or by
several people, is made from a few wordings; the rest of the town goes on beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from models.evaluation.shapes.languages import CLAIMS_IN_LANGUAGES

Record = Mapping[str, Any]
# (minute after the start, text, story, stance)
Told = tuple[float, str, str | None, str | None]

_BEGINS = datetime(2025, 11, 20, 18, 0, tzinfo=UTC)

_STREETS = (
    "Corn Street",
    "the Wharf",
    "Tanners Row",
    "Bishop's Gate",
    "Orchard Way",
    "Fairfield",
    "Upper Mount",
    "Pinfold",
)
_TOWN = (
    "Stuck behind two buses at {}",
    "Bins still not collected on {}",
    "Anyone got a spare ticket for tonight? Can meet at {}",
    "Lovely light over {} this evening",
    "Chip shop at {} has a queue out of the door",
    "Diversion signs up at {}, no idea why",
    "Sirens again near {}",
    "Lost a grey cat around {}, answers to Biscuit",
    "Street lights out on {}",
    "Helicopter has been over {} for a while now",
    "Everybody at {} please look after each other",
    "Train was late so I am walking home by {}",
)

_BUILDINGS = (
    "the Corn Exchange",
    "Morley's department store",
    "Holloway Library",
    "the Regal bingo hall",
    "St Cuthbert's church",
    "the old maltings",
    "Aldwick leisure centre",
    "the Argos on Fairfield",
)
_BURNS = (
    "{} is on fire",
    "{} on fire, flames coming out of the windows",
    "omg they have set fire to {}",
    "Smoke everywhere, {} is burning",
)

_SUDDEN = (
    "the reservoir wall at Hallam Top has given way",
    "a man with a crossbow is in the Guildhall shopping centre",
    "nerve gas was found in the bus station toilets",
    "the mayor has resigned over the flood",
    "a light aircraft came down on the rugby pitch",
    "twelve prisoners walked out of the Crown Court",
    "the hospital has turned off all lifts because of a bomb threat",
    "looters are emptying the supermarket on Orchard Way",
    "a tiger was filmed in the woods above Pinfold",
    "the swimming baths are leaking chlorine",
    "every cash machine in town is out of money",
    "the railway bridge at Tanners Row is about to collapse",
    "soldiers are going door to door on Upper Mount",
    "a school bus went into the canal",
    "the council is going to cut the gas off at midnight",
    "two paramedics were stabbed outside the Feathers",
    "a sinkhole swallowed a van on Bishop's Gate",
    "the power station will be shut down for a week",
    "phone masts are being switched off by the police",
    "the stadium roof has blown off",
)
_SPREADS = (
    ("JUST IN: {}", "support"),
    ("hearing that {}", "support"),
    ("is it true that {}??", "query"),
    ("my sister works there, she says {}", "support"),
    ("so {}, unbelievable", "support"),
)

_COACH = "People were hurt in the coach crash at Bishop's Gate"
_HURT = (
    (0, "3", "Coach crash at Bishop's Gate, {} people hurt"),
    (2, "3", "{} hurt in coach crash near Bishop's Gate, road shut"),
    (5, "3", "They are saying {} people hurt after that coach crashed at Bishop's Gate"),
    (7, "3", "Coach on its side at Bishop's Gate. {} hurt so far"),
    (21, "5", "Now {} people hurt in the Bishop's Gate coach crash"),
    (23, "5", "Coach crash, Bishop's Gate: {} hurt"),
    (26, "5", "{} hurt after coach crashed at Bishop's Gate, says a driver who was there"),
    (29, "5", "Up to {} hurt now, coach crash at Bishop's Gate"),
    (48, "7", "{} people are hurt in the coach crash at Bishop's Gate"),
    (50, "7", "Bishop's Gate coach crash now {} hurt, ambulances still coming"),
    (53, "7", "It is {} hurt in that coach crash at Bishop's Gate"),
    (57, "7", "Number of hurt in Bishop's Gate coach crash rises to {}"),
)
_FERRY = "Twelve people died on the ferry at the Wharf"
_DEAD = (
    (10, "12 dead on the ferry at the Wharf", "support"),
    (11, "Twelve dead after the ferry hit the Wharf, awful", "support"),
    (13, "Hearing 12 people died on the Wharf ferry", "support"),
    (16, "Is it right that 12 are dead on the ferry?", "query"),
    (19, "At least 12 dead, ferry at the Wharf. Prayers", "support"),
    (31, "Not 12 dead on the ferry, 3. Stop making it worse", "deny"),
    (34, "It is not 12 dead at the Wharf, it is 3, from somebody on board", "deny"),
    (38, "12 dead on the ferry is wrong, three people died", "deny"),
    (44, "Please stop sharing 12 dead at the Wharf. Three. Not twelve.", "deny"),
)


def places(name: str) -> list[Record]:
    """Eight buildings on fire in a busy hour, four people each: eight claims that differ only in the place."""
    burning = [
        (25 + 9 * wording + place, _BURNS[wording].format(building), f"{building} is on fire", "support")
        for place, building in enumerate(_BUILDINGS)
        for wording in range(len(_BURNS))
    ]
    return _records(name, [*_town(96, 64), *burning])


def wordless(name: str) -> list[Record]:
    """A hundred and fifty posts of nothing but a link, each another one, and twenty-five that ask without a claim."""
    links = [
        (minute / 10, f"https://t.example/{minute * 7919 % 100_003:05d}", None, "comment") for minute in range(150)
    ]
    asking = [(0.33 + 0.6 * place, "is this real?" + "?" * (place % 3), None, "query") for place in range(25)]
    return _records(name, [*links, *asking])


def storm(name: str) -> list[Record]:
    """Twenty claims by five people each within eleven minutes, then three hours in which little is told."""
    claims = [
        (2.2 * wording + 0.1 * place, words.format(claim), claim, stance)
        for wording, (words, stance) in enumerate(_SPREADS)
        for place, claim in enumerate(_SUDDEN)
    ]
    return _records(name, [*claims, *((minute + 11, *rest) for minute, *rest in _town(36, 180))])


def languages(name: str) -> list[Record]:
    """Two claims each in Polish, Urdu, Chinese and Welsh, six wordings a claim, all at once."""
    told = [
        (1 + 8 * wording + place / 2, words, story, "support")
        for place, (story, wordings) in enumerate(CLAIMS_IN_LANGUAGES.items())
        for wording, words in enumerate(wordings)
    ]
    return _records(name, told)


def numbers(name: str) -> list[Record]:
    """A number that grows as more is known, one claim; and a number that is denied by another, a second one."""
    hurt = [(minute, words.format(number), _COACH, "support") for minute, number, words in _HURT]
    dead = [(minute, words, _FERRY, stance) for minute, words, stance in _DEAD]
    return _records(name, [*_town(40, 60), *hurt, *dead])


INVENTED: Mapping[str, Callable[[str], list[Record]]] = {
    "places": places,
    "wordless": wordless,
    "storm": storm,
    "languages": languages,
    "numbers": numbers,
}


def _town(count: int, minutes: float) -> list[Told]:
    """What else is posted in town: `count` posts over so many minutes, none of them a rumour."""
    return [
        (
            minutes * place / count,
            _TOWN[place % len(_TOWN)].format(_STREETS[place // len(_TOWN) % len(_STREETS)]),
            None,
            None,
        )
        for place in range(count)
    ]


def _records(name: str, told: Sequence[Told]) -> list[Record]:
    """Records of the interchange form, each by somebody else, in order of time."""
    return [
        {
            "id": f"{name}:{place:03d}",
            "source": "invented",
            "kind": "post",
            "created_at": (_BEGINS + timedelta(minutes=minute)).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "author": f"{name}_{place}",
            "text": text,
            "gold": {
                "event": name,
                "is_source": True,
                "is_rumour": story is not None,
                "story": story,
                "stance": stance,
            },
        }
        for place, (minute, text, story, stance) in enumerate(sorted(told, key=lambda one: one[0]))
    ]
