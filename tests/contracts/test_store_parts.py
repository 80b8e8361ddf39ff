"""Each part of every store has what its protocol names, with the same parameters, and nothing else."""

import inspect
from typing import Any, get_type_hints

import pytest

from models.store import Store

PARTS = get_type_hints(Store)


def public(kind: type) -> dict[str, Any]:
    return {name: member for name, member in inspect.getmembers(kind) if not name.startswith("_")}


def shape(member: Any) -> Any:
    return "property" if isinstance(member, property) else inspect.signature(member)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_the_methods_of_its_protocol(store, part):
    has, promised = public(type(getattr(store, part))), public(PARTS[part])
    assert {name: shape(member) for name, member in has.items()} == {
        name: shape(member) for name, member in promised.items()
    }


def test_a_store_has_every_part_and_the_methods_of_its_own(store):
    assert PARTS.keys() <= vars(store).keys()
    own = public(Store)
    assert {name: shape(getattr(type(store), name)) for name in own} == {
        name: shape(member) for name, member in own.items()
    }
