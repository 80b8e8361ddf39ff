"""What the import page shows of the files that were read into an incident: each with its account."""

from dataclasses import dataclass

from models.domain.imports import SOURCE, Import
from models.domain.reading import FileFact
from models.measures.reading_account import Account, account_of, accounts_by
from models.store import Store


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One import, what became of all that was read of its file, and what was told on reading it."""

    one: Import
    account: Account
    told: tuple[FileFact, ...]


def read_imported(store: Store, incident: str) -> tuple[ImportedFile, ...]:
    """The imports into an incident that have ended, the latest first."""
    found = [one for one in store.imports.of(incident) if one.ended is not None]
    if not found:
        return ()
    accounts = accounts_by(lambda count: count.file, store.sources.reading_counts(source=SOURCE))
    told = store.sources.told_of_files(SOURCE)
    return tuple(
        ImportedFile(one, accounts.get(one.id, account_of(())), tuple(told.get(one.id, ()))) for one in found
    )
