"""The sentences that the browser shows by itself, between two answers of the server."""

RESUME = "Resume updates"

# The data age. "{}" is a length, as 4 min, or a time.
LIVE = {
    "none": "no posts yet",
    "fresh": "live, {}",
    "silent": "no posts for {}",
    "paused": "paused at {}",
    "past": "the past",
    "disconnected": "disconnected",
    "banner": (
        "The server has not answered since {}. The screen shows what was known then. "
        "It will update when the server answers again."
    ),
}
SOURCES = {"testing": "Testing…", "sure": "Press again to erase it"}
