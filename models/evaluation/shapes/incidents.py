"""The incidents of the bench, their shapes, and the folds: which are left out of what is trained, together.

Real and written incidents lie in a folder of labelled files that the command line names; none of them is part of the
project. The small ones are made up in `invented`, all but the quiet day, which is made of real chatter.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.domain.ids import stable_id
from models.errors import InputError
from models.evaluation.gold import GOLD, is_source, read_records
from models.evaluation.shapes.invented import INVENTED, Record

QUIET_DAY = "quiet day"


class Shape(StrEnum):
    MIXED = "mixed"
    ONE_SUBJECT = "one subject"
    NIGHT = "night of like claims"
    EXERCISE = "exercise"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident of the bench: its posts as records of the interchange form with `gold`, in order of time.

    `fold` is that whose weights judge it, and `official` are the handles of its official accounts.
    """

    name: str
    shape: Shape
    fold: str
    records: Sequence[Record]
    official: Sequence[str] = ()

    def write(self, path: Path) -> None:
        """Write its labelled posts as JSON lines; the same incident gives the same bytes."""
        with path.open("w", encoding="utf-8") as lines:
            for record in self.records:
                lines.write(json.dumps({**record, "collection": self.name}, ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class _Filed:
    """An incident that lies in a file, and how it is read.

    `merged`: stories that are counted as another one. `sources_only`: its replies are left out.
    """

    name: str
    shape: Shape
    fold: str
    file: str
    official: str | None = None
    sources_only: bool = False
    merged: Mapping[str, str] = field(default_factory=dict)


PHEME, RUMOR_HAS_IT = "pheme_dev.jsonl.gz", "rumor_has_it.jsonl.gz"
CRISISLEX = "crisislex_t26.jsonl.gz"
# Most of their posts are English.
CHATTER = (
    "2012_Colorado_wildfires",
    "2013_Australia_bushfire",
    "2013_Glasgow_helicopter_crash",
    "2013_LA_airport_shootings",
    "2013_Queensland_floods",
)
_CHATTER_LABELS = ("Not related", "Not applicable")
_FILED = (
    _Filed("charliehebdo", Shape.MIXED, "A", PHEME, sources_only=True),
    _Filed("ferguson", Shape.MIXED, "B", PHEME, sources_only=True),
    _Filed("germanwings-crash", Shape.MIXED, "C", PHEME),
    _Filed("ottawashooting", Shape.MIXED, "D", PHEME),
    _Filed(
        "prince-toronto",
        Shape.ONE_SUBJECT,
        "A",
        "pheme_small_dev.jsonl.gz",
        # They differ only in naming the hall.
        merged={
            "Prince will play a show at Massey Hall in Toronto on November 4": (
                "Prince will play a show in Toronto on November 4"
            )
        },
    ),
    _Filed("ebola-essien", Shape.ONE_SUBJECT, "B", PHEME),
    _Filed("Sarah Palin getting divorced", Shape.ONE_SUBJECT, "B", RUMOR_HAS_IT),
    _Filed("Michelle Obama hired too many staff", Shape.ONE_SUBJECT, "C", RUMOR_HAS_IT),
    _Filed("Air France mid-air crash photos", Shape.ONE_SUBJECT, "D", RUMOR_HAS_IT),
    _Filed(
        "harrow-lane",
        Shape.ONE_SUBJECT,
        "A",
        "written_harrow_lane.jsonl.gz",
        official="written_harrow_lane_official.txt",
    ),
    _Filed(
        "marlow-street",
        Shape.NIGHT,
        "B",
        "written_marlow_street.jsonl.gz",
        official="written_marlow_street_official.txt",
    ),
)
# What no fold learns from is judged by the weights of one of them.
_FOLD_OF_QUIET_DAY = "C"
_FOLDS_OF_INVENTED = dict(zip(INVENTED, "ABCDA", strict=True))
FOLDS_OF_EXERCISE = ("A", "B", "D")
# Of the folder, the files that hold stories to learn from.
TRAINED_ON = tuple(dict.fromkeys(one.file for one in _FILED))
# Of the folder, the files that hold stances to learn from, and those whose posts no stance is learnt from.
STANCES_TRAINED_ON = (
    "rumoureval2019_train.jsonl.gz",
    "stance/rumoureval_with_claim.jsonl.gz",
    "stance/pheme_cross.jsonl.gz",
    "stance/pheme_hand.jsonl.gz",
    *TRAINED_ON,
)
STANCES_APART = ("rumoureval2019_dev.jsonl.gz",)
# Of the folder, the file whose chatter a likelihood learns from.
CHATTER_TRAINED_ON = (CRISISLEX,)


def shape_of(name: str) -> Shape:
    """The shape of an incident of the bench; what stands in no file is small, but for the exercise."""
    filed = {one.name: one.shape for one in _FILED}
    return filed.get(name, Shape.EXERCISE if name.startswith(Shape.EXERCISE) else Shape.SMALL)


def left_out(fold: str) -> list[str]:
    """The events that nothing of a fold may learn from: all that its weights judge."""
    chatter = CHATTER if fold == _FOLD_OF_QUIET_DAY else ()
    return [*(one.name for one in _FILED if one.fold == fold), *chatter]


def incidents(folder: Path, exercises: Iterable[Incident]) -> list[Incident]:
    """All incidents of the bench, by shape. Raises InputError where a file of `folder` is missing or unreadable."""
    filed = list(_filed(folder))
    night = [one for one in filed if one.shape is Shape.NIGHT]
    invented = [Incident(name, Shape.SMALL, _FOLDS_OF_INVENTED[name], made(name)) for name, made in INVENTED.items()]
    quiet = Incident(QUIET_DAY, Shape.SMALL, _FOLD_OF_QUIET_DAY, _quiet_day(folder / CRISISLEX))
    return [*(one for one in filed if one not in night), *night, *exercises, *invented, quiet]


def _filed(folder: Path) -> Iterator[Incident]:
    of_file: dict[str, dict[str, list[Record]]] = {}
    for one in _FILED:
        if one.file not in of_file:
            of_file[one.file] = {}
            for record in read_records(folder / one.file):
                of_file[one.file].setdefault(record["collection"], []).append(record)
        records = of_file[one.file].get(one.name)
        if not records:
            raise InputError(f"{folder / one.file}: no posts of {one.name!r}. The bench of shapes needs them.")
        if one.sources_only:
            records = [record for record in records if is_source(record)]
        yield Incident(
            one.name,
            one.shape,
            one.fold,
            [_merged(record, one.merged) for record in records],
            _handles(folder / one.official) if one.official else (),
        )


def _merged(record: Record, merged: Mapping[str, str]) -> Record:
    story = record[GOLD].get("story")
    return {**record, GOLD: {**record[GOLD], "story": merged[story]}} if story in merged else record


def _handles(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").split()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror or error}).") from error


def _quiet_day(file: Path) -> list[Record]:
    """Twenty-four hours without a rumour: chatter of several crises, spread evenly, each post by somebody else."""
    chatter: list[Mapping[str, Any]] = [
        record
        for record in read_records(file)
        if record["collection"] in CHATTER and record[GOLD].get("informativeness") in _CHATTER_LABELS
    ]
    # No crisis stays together, and the order is the same everywhere.
    chatter.sort(key=lambda record: stable_id(QUIET_DAY, record["id"]))
    begins, day = datetime(2025, 11, 20, tzinfo=UTC), timedelta(hours=24)
    return [
        {
            "id": record["id"],
            "source": "crisislex",
            "kind": "post",
            "created_at": (begins + day * place / len(chatter)).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "author": f"somebody{place}",
            "text": record["text"],
            GOLD: {"event": QUIET_DAY, "is_source": True, "is_rumour": False, "story": None},
        }
        for place, record in enumerate(chatter)
    ]
