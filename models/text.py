"""A post's text made plain enough to compare and to show: bounded, entities resolved, characters normalised."""

import html
import unicodedata

# A post is judged by its head. Unicode normalisation takes time in the square of a run of combining marks, so a
# single hostile post of a megabyte would hold everything up for minutes.
JUDGED_CHARACTERS = 4_000


def plain(text: str) -> str:
    """The head of a text with HTML entities resolved, in Unicode's compatibility form (NFKC)."""
    return unicodedata.normalize("NFKC", html.unescape(text[:JUDGED_CHARACTERS]))
