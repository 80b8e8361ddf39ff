"""Ids that more than one module uses. Ids of a single module stand in it."""

URL = "url"
CONTENT = "content"

# What this browser keeps: who acts, the theme, and corrections not yet sent.
OFFICER = "officer"
THEME = "theme"
DRAFTS = "drafts"

# An act on its way: asked for → (named) → done.
ACT_REQUEST = "act-request"
ACTED = "acted"
# Which button's request the server has answered: `clientside.js` holds the button until then.
ANSWER = "answer"
DRAWER = "drawer"
ANNOUNCE = "announce"

# Live running: the clock and the data age; whether updates are paused; what the sources' dots show.
LIVE = "live"
PAUSED = "paused"
SOURCES = "sources"
SOURCES_SHOWN = "sources-shown"

BOARD_TICK = "board-tick"
RUMOUR_TICK = "rumour-tick"
# An act that the page in view should show at once: `clientside.js` hands ACTED on, since Dash wants every input of
# a callback on the screen at the same time.
BOARD_ACTED = "board-acted"
RUMOUR_ACTED = "rumour-acted"
