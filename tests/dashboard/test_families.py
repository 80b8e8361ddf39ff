"""Families: rumours on the board that may be one claim stand together under one heading."""

import pytest

from dashboard.views.board import read_rows
from dashboard.views.families import (
    LEAST_PROBABILITY,
    Alike,
    differing,
    most_alike,
    only,
    read_alike,
    still_together,
    together,
)
from dashboard.views.ranking import Choice, chosen
from dashboard.words import board as board_words
from models.domain.acts import Act, Officer
from models.domain.rumours import EventKind, RumourEvent
from models.store.messages import Judgement, Suggestion, SuggestionReason
from tests.builders import NOON, a_post
from tests.dashboard.world import an_app, call, judge, opened

WHO = Officer("J. Officer", "duty")
REASON = SuggestionReason(None, (), same_link=False, other_number=False, since=NOON, people=(3, 3))
# So many posts has each rumour of the board, which ranks them.
POSTS = {"dam": 6, "gas": 5, "flood": 4, "zoo": 3, "river": 2, "wall": 1}


@pytest.fixture(autouse=True)
def read_always(monkeypatch):
    monkeypatch.setattr("dashboard.views.snapshot.SECONDS_BETWEEN_READS", 0.0)
    monkeypatch.setattr("dashboard.views.snapshot.REST_AFTER_READ", 0.0)


@pytest.fixture
def incident(store):
    incident = opened(store)
    for rumour, posts in POSTS.items():
        judge(store, incident, [a_post(f"all of {rumour}", id=f"{rumour}-{n}") for n in range(posts)], rumour=rumour)
    return incident


def suggest(store, incident, *pairs, events=()):
    """Let the model hold these pairs to be one claim, from the most probable down, and no others."""
    suggestions = [
        Suggestion(*sorted(names), probability=0.9 - place / 100, reason=REASON) for place, names in enumerate(pairs)
    ]
    number, upto = store.acts.constraints(incident.id).number, store.judgement.upto(incident.id)
    store.judgement.save(Judgement(incident.id, upto, [], events, number, suggestions=suggestions)).result()


def stand(store, incident):
    """The families of the board from top to bottom."""
    rows = chosen(read_rows(store, incident.id, NOON).values(), Choice(), NOON)
    return [[row.id for row in family] for family in together(rows, read_alike(store, incident.id))]


def families(store, incident):
    return [family for family in stand(store, incident) if len(family) > 1]


def test_a_family_stands_where_its_first_stands_and_all_else_keeps_its_order(store, incident):
    suggest(store, incident, ("gas", "river"), ("zoo", "wall"))
    assert stand(store, incident) == [["dam"], ["gas", "river"], ["flood"], ["zoo", "wall"]]


def test_without_suggestions_everybody_stands_alone(store, incident):
    assert stand(store, incident) == [[name] for name in POSTS]


def test_pairs_that_share_a_rumour_make_one_family(store, incident):
    suggest(store, incident, ("dam", "flood"), ("flood", "wall"))
    assert families(store, incident) == [["dam", "flood", "wall"]]


def test_a_chain_is_cut_where_its_ends_have_too_little_to_do_with_each_other(store, incident):
    suggest(store, incident, ("dam", "flood"), ("flood", "wall"), ("wall", "river"))
    assert families(store, incident) == [["dam", "flood", "wall"]]


@pytest.mark.parametrize(("probability", "are"), [(LEAST_PROBABILITY, True), (LEAST_PROBABILITY - 0.001, False)])
def test_only_a_probable_pair_stands_together(store, incident, probability, are):
    number, upto = store.acts.constraints(incident.id).number, store.judgement.upto(incident.id)
    pair = Suggestion("dam", "gas", probability, REASON)
    store.judgement.save(Judgement(incident.id, upto, [], (), number, suggestions=[pair])).result()
    assert bool(families(store, incident)) is are


def test_a_refused_pair_stands_apart_also_where_a_third_is_like_both_until_that_is_undone(store, incident):
    suggest(store, incident, ("dam", "flood"), ("flood", "wall"), ("dam", "wall"))
    refused = store.acts.refuse(incident.id, "dam", "wall", WHO, "two places").result()
    assert families(store, incident) == [["dam", "flood"]]
    store.acts.undo(incident.id, refused.number, WHO, "the same place").result()
    assert families(store, incident) == [["dam", "flood", "wall"]]


def test_what_the_model_split_off_inherits_what_is_kept_apart(store, incident):
    store.acts.refuse(incident.id, "dam", "gas", WHO, "two places").result()
    detail = {"from": "gas", "by": "model", "apart": ["dam"]}
    split = RumourEvent("wall", EventKind.SPLIT, NOON, detail=detail)
    suggest(store, incident, ("dam", "flood"), ("flood", "wall"), events=[split])
    assert families(store, incident) == [["dam", "flood"]]


def test_what_is_merged_leaves_its_family(store, incident):
    suggest(store, incident, ("dam", "flood"), ("dam", "wall"))
    store.acts.merge(incident.id, "flood", "dam", WHO, "the same").result()
    assert families(store, incident) == [["dam", "wall"]]


def test_who_is_not_on_the_board_or_not_asked_for_links_nobody(store, incident):
    judge(store, incident, [a_post("not yet up")], rumour="hidden", surfaced=False)
    suggest(store, incident, ("dam", "hidden"), ("hidden", "wall"), ("gas", "flood"), ("flood", "river"))
    assert families(store, incident) == [["gas", "flood", "river"]]
    store.acts.decide(incident.id, "flood", Act.DISMISS, WHO, "chatter").result()
    assert families(store, incident) == []


def test_the_page_that_asks_about_most_of_a_family_is_that_of_the_one_most_alike(store, incident):
    suggest(store, incident, ("dam", "flood"), ("flood", "wall"))
    rows = list(read_rows(store, incident.id, NOON).values())
    alike = read_alike(store, incident.id)
    assert most_alike(still_together(rows, alike), alike).id == "flood"


def test_lists_are_compared_in_what_both_hold():
    assert only({"a", "b"}, [["a", "c"], ["c"], ["b"]]) == [["a"], ["b"]]


def test_what_differs_is_named_by_its_rumours():
    before = Alike((("a", "b"), ("b", "c")), frozenset())
    assert differing(before, Alike((("b", "c"),), frozenset({("d", "e")}))) == {"a", "b", "d", "e"}
    assert differing(before, before) == frozenset()


@pytest.fixture
def app(store):
    return an_app(store)


def draw_list(app, incident):
    fields = {"board-tabs": "open", "board-rank": "fastest", "board-window": "all", "board-words": ""}
    inputs = [
        *((f"{name}.value", value) for name, value in fields.items()),
        ("board-context.data", {"incident": incident.id}),
        ("board-show.n_clicks", None),
        ("board-fill.data", None),
        ("board-chosen-before.data", None),
    ]
    return call(app, "board-grid.rowData", inputs, [], "board-context.data")


def poll(app, incident, drawn):
    given = [
        ("board-context.data", {"incident": incident.id}),
        ("board-shown.data", drawn["board-shown"]["data"]),
        ("board-token.data", drawn["board-token"]["data"]),
        ("board-tabs.value", "open"),
        ("board-rank.value", "fastest"),
        ("board-window.value", "all"),
    ]
    tick = [("board-tick.n_intervals", 1), ("board-acted.data", None)]
    return call(app, "board-grid.rowTransaction", tick, given, "board-tick.n_intervals")


def updates(answer):
    return {row["id"]: row for row in answer["board-grid"]["rowTransaction"]["update"]}


def test_the_board_puts_a_heading_above_a_family_with_a_link_to_where_it_is_merged(store, incident, app):
    suggest(store, incident, ("gas", "river"), ("gas", "wall"))
    drawn = draw_list(app, incident)
    rows = drawn["board-grid"]["rowData"]
    assert [row["id"] for row in rows] == ["dam", "family:gas", "gas", "river", "wall", "flood", "zoo"]
    heading = rows[1]
    assert (heading["heading"], heading["link"]) == ("May be one claim (3)", "Merge or refuse")
    assert heading["linkName"] == "Merge or refuse: All of gas"
    assert heading["path"].endswith("/rumour/gas")
    assert [row["family"] for row in rows if "family" in row] == ["", *["one of 3 that may be one claim"] * 3, "", ""]
    assert drawn["board-grid"]["selectedRows"] == {"ids": ["dam"]}


def test_a_heading_is_never_chosen_at_first(store, incident, app):
    suggest(store, incident, ("dam", "wall"))
    assert draw_list(app, incident)["board-grid"]["selectedRows"] == {"ids": ["dam"]}


def test_a_new_family_waits_behind_the_line_and_moves_no_row(store, incident, app):
    drawn = draw_list(app, incident)
    suggest(store, incident, ("dam", "wall"))
    answer = poll(app, incident, drawn)
    assert "The order has changed since 12:00" in str(answer["board-show"]["children"])
    assert {row["family"] for row in updates(answer).values()} == {""}
    assert "rowData" not in answer["board-grid"]


def test_a_family_of_neighbours_waits_too_though_no_row_would_move(store, incident, app):
    drawn = draw_list(app, incident)
    suggest(store, incident, ("dam", "gas"))
    assert "The order has changed" in str(poll(app, incident, drawn)["board-show"]["children"])


def test_what_is_refused_loses_its_heading_in_place(store, incident, app):
    suggest(store, incident, ("dam", "wall"))
    drawn = draw_list(app, incident)
    store.acts.refuse(incident.id, "dam", "wall", WHO, "two places").result()
    answer = poll(app, incident, drawn)
    changed = updates(answer)
    assert (changed["family:dam"]["heading"], changed["family:dam"]["link"]) == (board_words.NOTHING_TO_MERGE, "")
    assert (changed["dam"]["family"], changed["wall"]["family"]) == ("", "")
    assert "The order has changed" in str(answer["board-show"]["children"])


def test_a_heading_counts_who_is_left_of_its_family(store, incident, app):
    suggest(store, incident, ("dam", "flood"), ("dam", "wall"))
    drawn = draw_list(app, incident)
    store.acts.refuse(incident.id, "dam", "wall", WHO, "two places").result()
    changed = updates(poll(app, incident, drawn))
    assert changed["family:dam"]["heading"] == "May be one claim (2)"
    assert [changed[name]["family"] for name in ("dam", "flood", "wall")] == [
        "one of 2 that may be one claim"
    ] * 2 + [""]


def test_new_posts_in_a_family_leave_it_as_it_is(store, incident, app):
    suggest(store, incident, ("gas", "wall"))
    drawn = draw_list(app, incident)
    judge(store, incident, [a_post("more of the gas")], rumour="gas")
    answer = poll(app, incident, drawn)
    assert updates(answer)["family:gas"]["heading"] == "May be one claim (2)"
    assert "dam" not in updates(answer)
