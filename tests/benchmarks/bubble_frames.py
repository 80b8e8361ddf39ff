"""How long a frame of the bubbles takes in a browser without a graphics card, and whether any circles overlap.

    python tests/benchmarks/bubble_frames.py ../shared/data/pheme_dev.jsonl.gz ottawashooting [CIRCLES …]

The posts of one event, each in one of forty flows, are laid out, drawn by software in Chromium at 1280×720, and
played. Prints the milliseconds that drawing a frame took, how many came a second, and the largest overlap of two
circles as a share of the smaller one's area.
"""

import gzip
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from playwright.sync_api import sync_playwright

from models.domain.ids import stable_id
from tests.builders import a_post
from tests.dashboard.world import judge
from tests.journeys.screens import served
from tests.journeys.steps import signing_in

SIZES = (500, 2_000)
FLOWS = 40
PLAYING_MILLISECONDS = 8_000
_PICTURE = """() => {
  const { x, y, r, flow, flows, circles } = window.grapevine.bubbles.state().picture;
  return { x, y, r, circles, groups: flow.map((one) => flows[one].group) };
}"""


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit("tests/benchmarks/bubble_frames.py: say which file and which event. See its first lines.")
    file, event, sizes = Path(sys.argv[1]), sys.argv[2], [int(size) for size in sys.argv[3:]] or SIZES
    print("| circles | milliseconds a frame: median | 95th percentile | frames a second | largest overlap, of area |")
    print("|---|---|---|---|---|")
    for size in sizes:
        taken, a_second, overlap = measured(list(islice(followings(file, event), size)))
        print(
            f"| {size:,} | {median(taken):.1f} | {quantiles(taken, n=20)[-1]:.1f} | {a_second:.0f} | {overlap:.4f} |",
            flush=True,
        )


def followings(file: Path, event: str) -> Iterator[int | None]:
    """How many follow the authors of an event's posts, again and again."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        known = [post.get("author_followers") for post in map(json.loads, lines) if post.get("collection") == event]
    while known:
        yield from known


def measured(followers: list[int | None]) -> tuple[list[float], float, float]:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as screens, sync_playwright() as playwright:
        for flow in range(FLOWS):
            posts = [
                a_post(f"What flow {flow} says", author_followers=known, minute=place % 14)
                for place, known in enumerate(followers[flow::FLOWS])
            ]
            judge(screens.store, screens.incident, posts, rumour="dam", flow=stable_id("flow", str(flow)))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = signing_in(browser.new_page(viewport={"width": 1280, "height": 720}))
        page.goto(f"{screens.board}/rumour/dam/bubbles")
        page.locator(".bubble-line").first.wait_for(timeout=120_000)
        page.get_by_label("Fades by half in").fill("30")
        page.get_by_label("Speed").fill("2")
        page.get_by_role("slider").press("Home")
        page.evaluate("() => { window.grapevine.bubbles.frames.length = 0; }")
        page.locator("[data-press=play]").click()
        page.wait_for_timeout(PLAYING_MILLISECONDS)
        frames = page.evaluate("() => window.grapevine.bubbles.frames")
        picture = page.evaluate(_PICTURE)
        browser.close()
    return frames, len(frames) / PLAYING_MILLISECONDS * 1_000, largest_overlap(picture)


def largest_overlap(picture: dict) -> float:
    """The largest overlap of two circles, as a share of the area of the smaller one; 0 where none overlap."""
    circles, groups = np.array(picture["circles"]), np.array(picture["groups"])
    x = circles[groups, 3] + np.array(picture["x"])
    y = circles[groups, 4] + np.array(picture["y"])
    radii = np.array(picture["r"])
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    smaller, larger = np.minimum(radii[:, None], radii), np.maximum(radii[:, None], radii)
    places = np.argwhere(np.triu((apart < smaller + larger), 1))
    return max((_lens(apart[i, j], smaller[i, j], larger[i, j]) for i, j in places), default=0.0)


def _lens(apart: float, smaller: float, larger: float) -> float:
    """The part of the smaller circle that lies in the larger one."""
    if apart <= larger - smaller:
        return 1.0
    one = np.arccos((apart**2 + smaller**2 - larger**2) / (2 * apart * smaller))
    other = np.arccos((apart**2 + larger**2 - smaller**2) / (2 * apart * larger))
    lens = smaller**2 * (one - np.sin(2 * one) / 2) + larger**2 * (other - np.sin(2 * other) / 2)
    return float(lens / (np.pi * smaller**2))


if __name__ == "__main__":
    main()
