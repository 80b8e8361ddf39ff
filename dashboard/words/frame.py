"""Words of the frame round every page."""

KEYS = (
    ("↑ ↓ or k j", "choose a rumour"),
    ("Enter", "open its page"),
    ("t", "take"),
    ("c", "answer: log a correction"),
    ("p", "park"),
    ("d", "dismiss"),
    ("s", "log a sighting: what somebody told you"),
    ("n", "show what is waiting"),
    ("/", "go to the text filter"),
    ("?", "show these keys"),
    ("Esc", "close a dialog or the form"),
)
