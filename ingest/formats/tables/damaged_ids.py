"""Mends what a spreadsheet damaged in a table: ids are made anew, links and numbers of authors are dropped."""

from collections.abc import Sequence
from typing import Any

from ingest.formats.tables.ids import Damage, damage_of, is_hidden, made_id, whole_id
from ingest.formats.tables.layouts import Layout
from ingest.formats.told import Told
from ingest.formats.x_posts import LINKS
from ingest.source import Unreadable
from models.domain.post_ids import is_exponent, is_rounded
from models.domain.reading import Mark

Cells = list[Any]

# What a number may begin with as a spreadsheet writes it: 1.29E+18, ="1.29E+18", ########.
_BEGINS_NUMBER = frozenset("0123456789='\"# \t\u00a0")


class IdMender:
    """Replaces ids that a spreadsheet damaged; drops links that lead nowhere, and authors who would be one person."""

    def __init__(self, layout: Layout, sample: Sequence[Cells], file: str, told: Told):
        self._layout = layout
        self._file = file
        self._told = told
        self._ids = layout.places("id")
        self._links = layout.places(*LINKS)
        self._authors = layout.places("author")
        self._all = [*self._ids, *self._links, *self._authors]
        self._damage = {
            place: damage for place in self._all if (damage := damage_of([cells[place] for cells in sample]))
        }

    def __call__(self, cells: Cells) -> Unreadable | None:
        """Mend one row in place; Unreadable where nothing is left to know it by."""
        if not self._damage and not self._needs_look(cells):
            return None
        for place in self._links:
            if self._is_damaged(place, cells[place]):
                cells[place] = ""
                self._told.count(self._file, "links to other posts dropped, since their ids are damaged")
        for place in self._ids:
            damage = self._is_damaged(place, cells[place])
            if damage is None:
                continue
            said = (self._layout.value(cells, name) for name in ("author", "created_at", "text"))
            made = made_id(*said)
            if made is None:
                return Unreadable("id damaged by a spreadsheet, and nothing to make one of", str(cells[place]), "")
            cells[place] = made
            self._told.count(
                self._file,
                f"ids {damage.value}, replaced by ids made of author, time and text; export them as text",
                Mark.MADE_IDS,
            )
        for place in self._authors:
            if self._is_damaged(place, cells[place]):
                cells[place] = ""
                self._told.count(
                    self._file, "numbers of authors that a spreadsheet damaged, so that who they are is unknown"
                )
        return None

    def _needs_look(self, cells: Cells) -> bool:
        """Whether a cell may be damaged: a plain number or name is not, 1.29E+18, 1,29e18 and #### may be."""
        for place in self._all:
            value = cells[place]
            if value.__class__ is str:
                if value[:1] in _BEGINS_NUMBER and value != "" and not value.isalnum():
                    return True
            elif value.__class__ is float:
                return True
        return False

    def _is_damaged(self, place: int, value: Any) -> Damage | None:
        if value in ("", None):
            return None
        written = whole_id(value)
        if is_exponent(written):
            return Damage.EXPONENT
        if is_hidden(written):
            return Damage.HIDDEN
        damage = self._damage.get(place)
        if damage is Damage.HIDDEN:
            return None
        if damage is Damage.ROUNDED and not is_rounded(written):
            return None
        return damage
