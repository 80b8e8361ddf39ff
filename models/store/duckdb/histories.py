"""The histories of incidents, kept in memory as columns and carried on by what each commit adds.

DuckDB keeps no index that tells what stood at a moment: ranking every assignment and stance anew takes seconds at a
million posts. Their rows are never changed, so each is read once.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.measures.history import (
    UNKNOWN,
    AssignmentRows,
    EventRows,
    History,
    PostRows,
    StanceRows,
    SurfacedRows,
    moment_of,
)
from models.store.duckdb.engine import Engine

KEPT = 4
_ROOM = 1_024
# Before anything could be known.
_BEGINNING = np.int64(0)


class Names:
    """Numbers for names, given out in order of first sight."""

    def __init__(self) -> None:
        self.so_far = pa.array([], pa.string())

    def numbers(self, names: pa.ChunkedArray) -> np.ndarray:
        """The number of each name, a new one for a name not seen before; UNKNOWN for null."""
        encoded = names.combine_chunks().dictionary_encode()
        distinct = encoded.dictionary
        # The few that came are looked for among the many there are, so that these are not hashed again.
        place_among_distinct = pc.index_in(self.so_far, value_set=distinct)
        number = np.full(len(distinct), UNKNOWN, np.int32)
        number[place_among_distinct.drop_null().to_numpy()] = np.flatnonzero(place_among_distinct.is_valid())
        new = np.flatnonzero(number == UNKNOWN)
        number[new] = len(self.so_far) + np.arange(len(new))
        self.so_far = pa.concat_arrays([self.so_far, distinct.take(new)])
        # The last place stands for null.
        return np.append(number, np.int32(UNKNOWN))[encoded.indices.fill_null(len(distinct)).to_numpy()]


class Columns:
    """Columns of one length that grow at the end. What was handed out before stays as it was."""

    def __init__(self, **dtypes: type):
        self._room = {name: np.empty(_ROOM, dtype) for name, dtype in dtypes.items()}
        self._rows = 0

    def append(self, columns: Mapping[str, np.ndarray]) -> None:
        """Add rows, given by column."""
        (more,) = {len(column) for column in columns.values()}
        for name, column in columns.items():
            room = self._room[name]
            if self._rows + more > len(room):
                room = np.empty(max(2 * len(room), self._rows + more), room.dtype)
                room[: self._rows] = self._room[name][: self._rows]
                self._room[name] = room
            room[self._rows : self._rows + more] = column
        self._rows += more

    def so_far(self) -> dict[str, np.ndarray]:
        return {name: room[: self._rows] for name, room in self._room.items()}

    @property
    def last_known_at(self) -> np.int64:
        return self._room["known_at"][self._rows - 1] if self._rows else _BEGINNING


class _Kept:
    """What has been read of one incident."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = -1
        self.flows, self.rumours, self.authors, self.judges = Names(), Names(), Names(), Names()
        when, number, flag = np.int64, np.int32, np.int8
        self.posts = Columns(
            known_at=when,
            seq=np.int64,
            flow=number,
            author=number,
            followers=np.int64,
            created_at=when,
            official=bool,
        )
        self.assignments = Columns(known_at=when, flow=number, rumour=number, decision=number, pins=flag)
        self.stances = Columns(known_at=when, flow=number, rumour=number, label=flag, judge=number)
        self.surfaced = Columns(known_at=when, rumour=number, happened_at=when)
        self.titles = Columns(known_at=when, rumour=number, event=np.int64, people=number)
        self.scores = Columns(known_at=when, rumour=number, event=np.int64, people=number)
        self.by_query = {
            "history_posts": self.posts,
            "history_assignments": self.assignments,
            "history_stances": self.stances,
            "history_surfaced": self.surfaced,
            "history_titles": self.titles,
            "history_scores": self.scores,
        }

    def history(self) -> History:
        return History(
            posts=PostRows(**self.posts.so_far()),
            assignments=AssignmentRows(**self.assignments.so_far()),
            stances=StanceRows(**self.stances.so_far()),
            surfaced=SurfacedRows(**self.surfaced.so_far()),
            titles=EventRows(**self.titles.so_far()),
            scores=EventRows(**self.scores.so_far()),
            flows=self.flows.so_far,
            rumours=self.rumours.so_far,
            judges=self.judges.so_far,
            authors=len(self.authors.so_far),
        )


class Histories:
    """Hands out the history of an incident up to the last commit. Safe to call from any thread."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, incident: str) -> History:
        with self._lock:
            kept = self._kept.setdefault(incident, _Kept())
            self._kept.move_to_end(incident)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        with kept.lock:
            # Taken first: what is committed while the rows are read may be read again next time, and adds nothing.
            version = self._engine.writer.commits
            if version != kept.version:
                self._carry_on(incident, kept)
                kept.version = version
            return kept.history()

    def _carry_on(self, incident: str, kept: _Kept) -> None:
        new = self._engine.tables(
            {
                query: {"incident": incident, "after": moment_of(rows.last_known_at)}
                for query, rows in kept.by_query.items()
            }
        )
        numbered = {"flow": kept.flows, "rumour": kept.rumours, "author": kept.authors, "judge": kept.judges}
        for query, table in new.items():
            kept.by_query[query].append(
                {
                    name: numbered[name].numbers(table[name]) if name in numbered else _numpy(table[name])
                    for name in table.column_names
                }
            )


def _numpy(column: pa.ChunkedArray) -> np.ndarray:
    """The values of a column; times in microseconds since 1970, NO_TIME where there is none."""
    values = column.to_numpy()
    return values.view(np.int64) if values.dtype.kind == "M" else values
