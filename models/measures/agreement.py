"""How far people who code the same flows agree: Krippendorff's alpha, nominal (Krippendorff 2019, chapter 12).

1 is full agreement, 0 what chance would give. The sums are NLTK's: the library of that name that is best known for it
is under the GPL, which this project's licence does not allow.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from models.domain.rumours import Stance


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` is None where it is undefined: no flow has two labels, or all labels are the same.

    It rests on `flows` that at least two people labelled, with `labels` labels in all.
    """

    alpha: float | None
    flows: int
    labels: int


def agreement(coded: Sequence[Mapping[str, Stance | None]]) -> Agreement:
    """Of what each coder, by name, said of each flow; None: they skipped it."""
    return _agreement([{coder: label for coder, label in one.items() if label is not None} for one in coded])


def agreement_by_stance(coded: Sequence[Mapping[str, Stance | None]]) -> dict[Stance, Agreement]:
    """For each stance how far people agree on that one against the rest."""
    return {
        stance: _agreement(
            [{coder: label is stance for coder, label in one.items() if label is not None} for one in coded]
        )
        for stance in Stance
    }


def _agreement(units: Sequence[Mapping[str, Hashable]]) -> Agreement:
    paired = [unit for unit in units if len(unit) > 1]
    labels = sum(len(unit) for unit in paired)
    return Agreement(_alpha(paired) if _varies(paired) else None, len(paired), labels)


def _varies(units: Collection[Mapping[str, Hashable]]) -> bool:
    return len({label for unit in units for label in unit.values()}) > 1


def _alpha(units: Sequence[Mapping[str, Hashable]]) -> float:
    # Imported here: it takes a second and 50 MB, which only this question is worth.
    from nltk.metrics.agreement import AnnotationTask

    # The library sorts what it is given by flow.
    return AnnotationTask(
        [(coder, place, label) for place, unit in enumerate(units) for coder, label in unit.items()]
    ).alpha()
