"""Words of a reveal: what is asked before a post is shown unmasked, and what is shown for a minute."""

from dashboard.words.masking import masked

SHOWN_SECONDS = 60

OPEN = "Reveal author…"
OPEN_MEANS = "Shows this post unmasked for a minute. It is recorded, with your reason."
TITLE = "Reveal the author of a post"
INTRO = (
    "People are not the subject here: handles are masked. Your name, your role, the post and your reason are "
    "recorded before anything is shown. It is shown for a minute."
)
REASON = "Why the author must be known"
REASON_HINT = "Example: the post says that the writer is trapped; passed to the ambulance control room"
AUTHORISED = "Only where this author was revealed before"
AUTHORISED_OPTION = "I have an authorisation"
AUTHORISED_HINT = "for directed surveillance, under RIPA 2000 Part II"
REFERENCE = "Reference of the authorisation"
SAVE = "Record and reveal"
NOT_SAVED = "Nothing is revealed yet"
NO_POST = "There is no such post in this incident. Reload the page and choose it again."
REMOVED = "This post was removed at its source or erased. Nothing is kept that could be revealed."
NO_REFERENCE = "Enter the reference of the authorisation."
RECORDED = "Recorded. The post is shown unmasked for a minute."
USED = "This reveal was recorded before, and its minute is over. To reveal it again, press the button again."

SHOWN_TITLE = "Shown for a minute"
TEXT = "The post as it came"
ADDRESS = "Its own address"
NO_ADDRESS = "Its source gave none."
HANDLE = "The author's handle"
NO_HANDLE = (
    "Never kept. Grapevine stores a keyed hash of it, which cannot be turned back. The text and the address are all "
    "there is."
)
HIDE = "Hide now"
EXPIRED = "The minute in which this could be shown is over, or it was shown already. Open the form again."
BROWSER = {
    "seconds": "Hidden in {} s",
    "hidden": "The post is masked again.",
    "failed": "The server did not answer. Nothing is shown. What you asked is recorded.",
}
# In the record of what was taken.
TAKEN = "author revealed"


def seek_authorisation(officer: str) -> str:
    """`officer` is whom the settings name, or empty."""
    return (
        "This author was revealed in this incident before. You may need an authorisation for directed surveillance "
        f"(RIPA 2000 Part II / IPA). Seek authorisation: ask {officer or 'your authorising officer'}. "
        "If you have one, tick the box and enter its reference."
    )


def with_reference(reason: str, reference: str) -> str:
    """passed to the ambulance control room (authorisation DS/2026/14)"""
    return f"{reason} (authorisation {reference})"


def taken_post(post: str) -> str:
    """The post that a reveal was of, as the record names it."""
    return f"post {masked(post)}"
