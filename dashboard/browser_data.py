"""What the browser is told once, with the page: the forms, the acts, the stance marks and its own sentences.

`assets/data.js` reads it. So that no name, key, mark or sentence is written in Python and in JavaScript.
"""

import json
from typing import Any

from dashboard.forms.every_form import FORMS
from dashboard.paths import HERE, IN_HAND, LEFT, SIGN_IN
from dashboard.signed_in import CSRF_COOKIE, CSRF_HEADER
from dashboard.views.bubbles import LEAST_FOLLOWERS, UNKNOWN_FOLLOWERS
from dashboard.words import (
    acts,
    browser,
    bubbles,
    coding,
    export,
    forms,
    frame,
    imports,
    leaving,
    rearrange,
    reveal,
    shared,
    who_is_here,
)
from models.domain.acts import Act


def browser_data(root: str, csrf_cookie: str = CSRF_COOKIE) -> dict[str, Any]:
    """`root`: what every address begins with. `csrf_cookie`: where the page finds its token."""
    return {
        "root": root,
        "forms": {form.name: form.described() for form in FORMS},
        "acts": {act.value: _act(act) for act in acts.ACTS},
        "stances": [[stance.value if stance else "none", mark] for stance, mark in shared.MARKS.items()],
        "bubbles": {
            "stances": bubbles.stance_words(),
            "words": bubbles.BROWSER,
            "followers": {"least": LEAST_FOLLOWERS, "unknown": UNKNOWN_FOLLOWERS},
        },
        "here": {"left": LEFT, "inHand": IN_HAND},
        "signIn": {"path": SIGN_IN, "here": HERE, "cookie": csrf_cookie, "header": CSRF_HEADER},
        "words": {
            "live": browser.LIVE,
            "pause": frame.PAUSE,
            "resume": browser.RESUME,
            "sources": browser.SOURCES,
            "unsent": forms.UNSENT,
            "putBack": forms.PUT_BACK,
            "unanswered": forms.UNANSWERED,
            "tooLong": forms.TOO_LONG,
            "flows": rearrange.TICKED,
            "preparing": export.PREPARING,
            "downloaded": export.DOWNLOADED,
            "notDownloaded": export.NOT_DOWNLOADED,
            "coding": coding.BROWSER,
            "imports": imports.BROWSER,
            "leaving": leaving.BROWSER,
            "reveal": reveal.BROWSER,
            "inHand": who_is_here.BROWSER,
        },
        "revealSeconds": reveal.SHOWN_SECONDS,
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        "key": acts.ACT_KEYS.get(act),
        "title": acts.ACT_TITLES.get(act),
        "meaning": acts.ACT_MEANINGS.get(act),
        "reasons": acts.SUGGESTED_REASONS.get(act, ()),
    }


def script(root: str, csrf_cookie: str = CSRF_COOKIE) -> str:
    """The same as an element for the page's head: data, which no browser runs."""
    text = json.dumps(browser_data(root, csrf_cookie), ensure_ascii=False).replace("<", "\\u003c")
    return f'<script id="grapevine-data" type="application/json">{text}</script>'
