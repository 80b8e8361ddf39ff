"""The account of what was read, written with what was kept of it."""

from collections import Counter

from models.domain.posts import DeadLetter
from models.domain.reading import Outcome
from models.store.duckdb.transaction import Transaction
from models.store.messages import Arrival, Saved

# Beside what was seen before: the posts whose words are newer now.
EDITED = "edited since"
REFUSED, NOTICES = "removed before", "notices of removal"


def count_reading(transaction: Transaction, arrival: Arrival, saved: Saved, fresh: list[DeadLetter]) -> None:
    """Add what became of each item of an arrival; `fresh` are its dead letters that were not kept before."""
    reading = arrival.reading
    if reading is None or not reading.items:
        return
    transaction.append(
        "add_told_of_files",
        [
            {
                "source": reading.source,
                "file": reading.file,
                "place": fact.place,
                "fact": fact.words,
                "mark": fact.mark,
                "items": fact.items,
            }
            for fact in reading.told
        ],
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    # All that was read is counted by the reader, and not from the outcomes: else their sum would show nothing.
    counts["", "", ""] = reading.items
    counts[Outcome.KEPT, "", ""] = saved.new
    counts[Outcome.SEEN, "", ""] = (
        saved.seen - saved.edited + len(arrival.dead_letters) + len(saved.clashes) - len(fresh)
    )
    counts[Outcome.SEEN, EDITED, ""] = saved.edited
    counts[Outcome.REMOVED, REFUSED, ""] = saved.refused
    counts[Outcome.REMOVED, NOTICES, ""] = len(arrival.removals)
    counts.update((Outcome.DEAD, letter.reason, "") for letter in fresh)
    for why, items in reading.passed_over.items():
        counts[Outcome.PASSED_OVER, why.rule, why.detail] += items
    found = {key: items for key, items in counts.items() if items}
    outcomes, reasons, details = (list(map(str, names)) for names in zip(*found, strict=True))
    # As lists: a table of a few rows costs more to register than to write.
    transaction.write(
        "add_reading_counts",
        source=reading.source,
        file=reading.file,
        outcomes=outcomes,
        reasons=reasons,
        details=details,
        items=list(found.values()),
    )
