"""An analyst reads an export of another tool into an incident, by keyboard alone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from ingest.normal_form import NormalForm
from ingest.running.imports import Imports
from ingest.running.worker import Worker
from ingest.sources import archive
from tests.journeys.screens import Screens, served
from tests.waiting import until

pytestmark = pytest.mark.role("Analyst")

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ROWS = 60
TABLE = "Export of 20 November;;;\nPost No;When;Message;Who\n" + "".join(
    f"{n};20/11/2026 09:{n % 60:02};The dam has burst {n}, says @dam_watch;jo_smith\n" for n in range(ROWS)
)
FILE = {"name": "posts.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    def imports(store, folder):
        return Imports(store, store.engine.clock, folder, lambda name: NormalForm(name, b"key"), 10_000_000)

    with served(tmp_path, imports=imports) as screens:
        yield screens


@pytest.fixture
def held(monkeypatch) -> Iterator[list[int]]:
    """The reading stops after its first batch of ten, until the list is not empty any more."""
    monkeypatch.setattr(archive, "BATCH_ITEMS", 10)
    go_on: list[int] = []
    saved: list[int] = []
    save = Worker.save

    def hold(worker, batch, **more):
        until(lambda: not saved or go_on)
        saved.append(len(batch.items))
        return save(worker, batch, **more)

    monkeypatch.setattr(Worker, "save", hold)
    yield go_on
    go_on.append(1)


def check_with_axe(page: Page) -> None:
    # What was announced fades away, and has less contrast while it does.
    found = Axe().run(page, context={"exclude": [["#announce"]]}, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def tab_to(page: Page, target: Locator) -> None:
    """By the Tab key alone, from where the focus is."""
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {target}")


def choose(page: Page, field: str, column: str) -> None:
    """Type the beginning of a column's name into the select of a field."""
    tab_to(page, page.get_by_label(field, exact=True))
    page.keyboard.type(column)


def hand_in(page: Page) -> None:
    tab_to(page, page.get_by_label("1. Choose a file"))
    page.keyboard.press("Space")


def start(page: Page) -> None:
    tab_to(page, page.get_by_label("Reason for importing it"))
    page.keyboard.type("asked for by silver")
    tab_to(page, page.get_by_role("button", name="Import", exact=True))
    page.keyboard.press("Enter")


def test_a_file_is_looked_at_mapped_cancelled_and_imported_again_by_keyboard(screens, page, complaints, held):
    # The browser's own dialog, of which Playwright chooses the file.
    page.on("filechooser", lambda chooser: chooser.set_files(FILE))
    page.goto(f"{screens.board}/import")
    expect(page.get_by_text("No file has been imported into this incident yet.")).to_be_visible()
    check_with_axe(page)
    hand_in(page)
    preview = page.get_by_role("region", name="The first rows as they will be read")
    expect(preview.get_by_role("row", name="The dam has burst 0, says @…")).to_contain_text("none")
    expect(page.get_by_role("heading", name="2. Check how it is read")).to_be_focused()
    choose(page, "Time", "When")
    expect(preview.get_by_role("row", name="The dam has burst 0, says @…")).to_contain_text("20 Nov 2026, 09:00")
    choose(page, "Author", "Who")
    choose(page, "Id of the post", "Post")
    expect(page.get_by_text("Columns not read")).to_have_count(0)
    assert "jo_smith" not in page.content()
    check_with_axe(page)
    start(page)
    expect(page.get_by_role("heading", name="Files imported into this incident")).to_be_focused()
    expect(page.get_by_text("10 read: 10 kept")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Import under way")).to_be_visible()
    check_with_axe(page)
    cancel = page.get_by_role("button", name="Cancel the import")
    tab_to(page, cancel)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cancelling: the rows under way are saved first.").first).to_be_visible()
    expect(page.get_by_role("heading", name="Files imported into this incident")).to_be_focused()
    held.append(1)
    log = page.locator(".import-log > li")
    expect(log.first).to_contain_text("cancelled by Analyst (analyst, Northgate Police)")
    expect(log.first).to_contain_text("Import the same file again to add what is missing")
    expect(page.get_by_role("progressbar", name="Import under way")).to_have_count(0)
    kept = sum(count.items for count in screens.store.sources.reading_counts() if count.outcome == "kept")

    page.reload()
    expect(log.first).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("as Analyst (analyst, Northgate Police) confirmed it for posts.csv")).to_be_visible()
    expect(preview.get_by_role("row", name="The dam has burst 0, says @…")).to_contain_text("20 Nov 2026, 09:00")
    start(page)
    expect(log).to_have_count(2)
    expect(log.first).to_contain_text(f"{ROWS} read: {ROWS - kept} kept, {kept} seen before.")
    check_with_axe(page)
    assert complaints == []


def test_at_400_percent_nothing_needs_sideways_scrolling(screens, page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{screens.board}/import")
    page.get_by_label("1. Choose a file").set_input_files(FILE)
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
