"""Families: rumours on the board that may be one claim stand together, where the first of them stands.

A family is made of suggested pairs. It holds nobody that people keep apart from another of it, and it is no chain:
two families become one only where at least half of the pairs between them are suggested.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.views.board import BoardRow
from models.people.constraints import Pair, pair, with_inherited
from models.store import Store

# Set by reading what would stand together on nine incidents, at moments all through each, judged by encoders that had
# not seen them. From .7 on the two speak of one matter ("10 shot dead", "11 dead"; a soldier shot, the soldier dead),
# though people may want them apart: by labels all such pairs are one claim in a written incident, a quarter in one
# mixed event, none in three. Less probable pairs often share no more than the incident: from .5 on, .4 to .6 of the
# rumours on the board of a mixed event would stand in families. Four incidents then have no family.
LEAST_PROBABILITY = 0.7


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of rumours that may be one claim, the most probable first, and pairs that people keep apart."""

    pairs: tuple[Pair, ...]
    apart: frozenset[Pair]


def read_alike(store: Store, incident: str, *, as_of: datetime | None = None) -> Alike:
    """What makes the families of an incident's board, as known at a moment."""
    moment = {"incident": incident} | ({} if as_of is None else {"as_of": as_of})
    rows = store.views.rows("suggested_pairs", **moment)
    pairs = tuple(pair(row["rumour"], row["other"]) for row in rows if row["probability"] >= LEAST_PROBABILITY)
    splits = {row["rumour"]: (row["origin"], row["apart"]) for row in store.views.rows("model_splits", **moment)}
    return Alike(pairs, with_inherited(store.acts.constraints(incident, as_of=as_of), splits).apart)


def differing(one: Alike, other: Alike) -> frozenset[str]:
    """The rumours of the pairs that only one of the two has."""
    pairs = (set(one.pairs) ^ set(other.pairs)) | (one.apart ^ other.apart)
    return frozenset(name for names in pairs for name in names)


def together(rows: Sequence[BoardRow], alike: Alike) -> list[list[BoardRow]]:
    """The rows in their order, but those of a family follow the first of it. Who has no family is alone."""
    family_of = _families([row.id for row in rows], alike)
    found: dict[frozenset[str], list[BoardRow]] = {}
    for row in rows:
        found.setdefault(family_of[row.id], []).append(row)
    return list(found.values())


def most_alike(family: Sequence[BoardRow], alike: Alike) -> BoardRow:
    """The one of a family that may be the same as most of the others: its page asks about the most."""
    names = {row.id for row in family}
    inside = [names_of for names_of in alike.pairs if names.issuperset(names_of)]
    return max(family, key=lambda row: sum(row.id in names_of for names_of in inside))


def still_together(family: Sequence[BoardRow], alike: Alike) -> list[BoardRow]:
    """The largest family among rows that were one; none where fewer than two of them still are."""
    return max((part for part in together(family, alike) if len(part) > 1), key=len, default=[])


def only(names: Collection[str], families: Iterable[Sequence[str]]) -> list[list[str]]:
    """The families with those names alone, in their order: two lists so cut compare in what they both hold."""
    parts = [[name for name in family if name in names] for family in families]
    return [part for part in parts if part]


def _families(names: Sequence[str], alike: Alike) -> dict[str, frozenset[str]]:
    suggested = frozenset(alike.pairs)
    family_of = {name: frozenset({name}) for name in names}
    for one, other in alike.pairs:
        if one not in family_of or other not in family_of or family_of[one] is family_of[other]:
            continue
        between = {pair(a, b) for a in family_of[one] for b in family_of[other]}
        if 2 * len(between & suggested) >= len(between) and alike.apart.isdisjoint(between):
            joined = family_of[one] | family_of[other]
            family_of.update(dict.fromkeys(joined, joined))
    return family_of
