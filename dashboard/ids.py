"""Ids that more than one module uses. Ids of a single module stand in it."""

URL = "url"
CONTENT = "content"

# What this browser keeps: who acts, and the theme.
THEME = "theme"

# What was just done to a rumour, for the page in view; and what a screen reader is to read out.
ACTED = "acted"
ANNOUNCE = "announce"

# Whether the page is in view: False once it was covered by another tab or window.
LOOKING = "looking"

# Live running: the clock and the data age; whether updates are paused; what the sources' dots show.
LIVE = "live"
# The line above the page that says which moment it shows.
PLAYHEAD = "playhead"
PAUSED = "paused"
SOURCES = "sources"
SOURCES_SHOWN = "sources-shown"

BOARD_TICK = "board-tick"
RUMOUR_TICK = "rumour-tick"
SOURCES_TICK = "sources-tick"
COMPARE_TICK = "compare-tick"
STORY_TICK = "story-tick"
CODING_TICK = "coding-tick"
IMPORT_TICK = "import-tick"
# Keeps the top bar live on pages that show nothing live themselves.
PULSE = "pulse"
# An act that the page in view should show at once: `pages.js` hands ACTED on, since Dash wants every input of
# a callback on the screen at the same time.
BOARD_ACTED = "board-acted"
RUMOUR_ACTED = "rumour-acted"
COMPARE_ACTED = "compare-acted"
STORY_ACTED = "story-acted"
CODING_ACTED = "coding-acted"
