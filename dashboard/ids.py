"""Ids that more than one module uses. Ids of a single module stand in it."""

URL = "url"
CONTENT = "content"

# What this browser keeps: who acts, the theme, and corrections not yet sent.
OFFICER = "officer"
THEME = "theme"
DRAFTS = "drafts"
# The same for the other forms, by form and what it is of; and which of them was just saved.
FORM_DRAFTS = "form-drafts"
FORM_SAVED = "form-saved"

# An act on its way: asked for → (named) → done.
ACT_REQUEST = "act-request"
ACTED = "acted"
# Which button's request the server has answered: `clientside.js` holds the button until then.
ANSWER = "answer"
DRAWER = "drawer"
SIGHTING = "sighting"
ANNOUNCE = "announce"

# Live running: the clock and the data age; whether updates are paused; what the sources' dots show.
LIVE = "live"
PAUSED = "paused"
SOURCES = "sources"
SOURCES_SHOWN = "sources-shown"

BOARD_TICK = "board-tick"
RUMOUR_TICK = "rumour-tick"
SOURCES_TICK = "sources-tick"
# Keeps the top bar live on pages that show nothing live themselves.
PULSE = "pulse"
# An act that the page in view should show at once: `clientside.js` hands ACTED on, since Dash wants every input of
# a callback on the screen at the same time.
BOARD_ACTED = "board-acted"
RUMOUR_ACTED = "rumour-acted"
