"""The languages that were detected of posts whose source states none, on DuckDB."""

from collections.abc import Sequence

from models.store.duckdb.transaction import Transaction
from models.store.messages import PostLanguage


def add_languages(transaction: Transaction, languages: Sequence[PostLanguage]) -> None:
    """Let these stand; what was detected in former words stays for views of the past."""
    transaction.append(
        "add_detected_languages",
        [
            {"seq": one.seq, "language": one.language, "share": one.share, "detected_by": one.detected_by}
            for one in languages
        ],
    )
