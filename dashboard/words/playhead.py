"""Words of the line above a page that shows the past, and of choosing a moment."""

from datetime import datetime, timedelta

from dashboard.words.local_time import exact, local
from dashboard.words.shared import counted

LABEL = "The moment shown"
CHOOSE = "This is the present. Choose a moment to see every page as it was known then."
READ_ONLY = "Read-only. Removed text stays removed."
STEPS = {
    timedelta(minutes=-10): "−10 min",
    timedelta(minutes=-1): "−1 min",
    timedelta(minutes=1): "+1 min",
    timedelta(minutes=10): "+10 min",
}
TO_THE_PRESENT = "Back to the present"
TIME = "Moment"
SHOW = "Show"
SLIDER = "Moment, between the first and the last that is known of this incident"
NOT_YET = "This time has not come yet."


def as_known_at(moment: datetime) -> str:
    """This is the past: as known at 20 Nov 2026, 21:40"""
    return f"This is the past: as known at {to_the_second(moment)}"


def to_the_second(moment: datetime) -> str:
    """20 Nov 2026, 21:40, and the seconds where there are any"""
    seconds = f"{local(moment):%S}"
    return exact(moment) if seconds == "00" else f"{exact(moment)} and {int(seconds)} s"


def step_title(step: timedelta) -> str:
    """10 minutes earlier, 1 minute later"""
    minutes = counted(int(abs(step).total_seconds()) // 60, "minute")
    return f"{minutes} {'earlier' if step < timedelta() else 'later'}"
