"""There is no page, search, order, address or question to the store by person: people are not looked at."""

import re
from pathlib import Path

import pytest

import dashboard
import models.store
from dashboard import paths
from dashboard.components import board_grid
from dashboard.forms.every_form import FORMS
from dashboard.views.ranking import Choice, Rank
from tests.dashboard.world import an_app

# As an address, a field, a column, an input or a parameter would name somebody who posts.
PERSON = re.compile(
    r"author(?!ity|is)|handle|account|username|screen_?name|profile|person|poster|follower", re.IGNORECASE
)
HOUSE, STORE = Path(dashboard.__file__).parent, Path(models.store.__file__).parent
# Questions that take a person, and what for. None gives anything about a person to a screen.
NAMED = {
    # Whether it was looked at before: the answer is a moment, and no screen shows it.
    "reveals_of_author",
    # Ingest erases what its author deleted.
    "erased_names",
    "removable_posts_of_account",
}


@pytest.fixture
def app(store):
    return an_app(store)


def test_no_route_names_a_person(app):
    rules = {rule.rule for rule in app.server.url_map.iter_rules()}
    # One's own password, second factor and browsers; whose they are is in no address.
    own = {paths.ACCOUNT, *(f"{paths.ACCOUNT}/{part}" for part in ("end-session", "password", "second-factor"))}
    assert {rule for rule in rules if PERSON.search(rule)} == own


def test_no_address_of_a_page_names_a_person():
    pages = [*paths.PARTS, *paths.Page]
    assert [page for page in pages if PERSON.search(page.value)] == []
    asked = set(re.findall(r'asked\.get\("(\w+)"', (HOUSE / "paths.py").read_text()))
    assert asked == {"rumour", "beside", "by"}


@pytest.mark.parametrize("search", ["?author=jo", "?handle=jo", "?account=jo", "?person=jo", "?q=@jo", "?by=author"])
def test_an_address_that_asks_for_a_person_is_read_as_if_it_did_not(search):
    assert paths.compared_in(search) == paths.Compared()
    assert paths.as_of_in(search) is None


def test_no_callback_takes_a_person(app):
    taken = {
        f"{one['id']}.{one['property']}"
        for callback in app.callback_map.values()
        for one in (*callback["inputs"], *callback["state"])
    }
    assert taken
    # "source-account" is what became of all that a source read.
    assert {one for one in taken if PERSON.search(one)} <= {"source-account.children"}


def test_no_form_asks_for_a_person():
    asked = {(form.name, name) for form in FORMS for name in (*form.about, *(one.name for one in form.asked))}
    # Handles of official accounts whose posts an incident takes; and whether an export is masked.
    assert {one for one in asked if PERSON.search(one[1])} <= {
        ("opening", "accounts"),
        ("incident", "accounts"),
        ("export", "handles"),
    }


def test_no_column_of_the_grid_is_of_a_person_or_sorted_or_filtered_by_the_browser():
    columns = board_grid._COLUMNS
    assert [column for column in columns if PERSON.search(str(column.get("field")))] == []
    assert not any(column.get("sortable") or column.get("filter") for column in columns)


def test_the_board_is_ranked_by_rumours_and_searched_in_masked_claims_and_owners_only():
    assert {rank.value for rank in Rank} == {"fastest", "newest", "largest", "likeliest"}
    # `me` is who asks, for what is theirs. Owners are people of this house, and desks.
    assert set(Choice.__slots__) == {"tab", "rank", "window", "words", "me"}


def _questions() -> dict[str, str]:
    return {path.stem: path.read_text() for path in (STORE / "queries").glob("*.sql")}


def _of_screens() -> set[str]:
    """The named questions that a screen asks, by the words of the code of the dashboard."""
    code = "\n".join(path.read_text() for path in HOUSE.rglob("*.py"))
    return {name for name in _questions() if f'"{name}"' in code}


def test_no_question_takes_a_person_but_those_that_forget_or_protect_one():
    taking = {name for name, sql in _questions().items() if re.search(r"\$(authors?|handles?|accounts?)\b", sql)}
    assert taking <= NAMED
    assert taking & _of_screens() == {"reveals_of_author"}


def test_no_question_of_a_screen_puts_people_in_order():
    for name in _of_screens():
        for order in re.findall(r"order by ([^)\n]+)", _questions()[name]):
            assert not PERSON.search(order), name
