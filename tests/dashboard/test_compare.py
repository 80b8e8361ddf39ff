"""Rumours on one axis, their clocks beside one another, and incidents side by side."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from dashboard.components import compare_parts
from dashboard.components.compare_chooser import chosen_of
from dashboard.components.compare_parts import incident_lines, rumour_line
from dashboard.figures.compare import lines_figure, small_figure
from dashboard.figures.compare_axis import scale_for
from dashboard.pages import compare as page
from dashboard.paths import Compared, compare_path, compared_in, pair
from dashboard.views.board import read_rows
from dashboard.views.compare import minutes_to, read_compared
from dashboard.views.lives import read_lives
from dashboard.views.rumour import read_rumour
from dashboard.words import compare as words
from models.domain.acts import Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.rumours import Stance
from tests.builders import NOON, a_post
from tests.dashboard.world import an_app, call, judge, opened

WHO = Officer("J. Officer", "duty")
MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def incident(store):
    """The dam rises at noon, is denied after 10 minutes and corrected after 20; the bridge follows an hour later."""
    incident = opened(store)
    dam = [a_post("The dam has burst", minute=m) for m in (0, 1, 2, 3, 10, 40)]
    judge(store, incident, dam, rumour="dam", stances=[Stance.SUPPORT] * 4 + [Stance.DENY])
    judge(store, incident, [a_post("The bridge is shut", minute=60 + m) for m in (0, 5, 30)], rumour="bridge")
    looters = [a_post("Looters", minute=120), a_post("Nobody loots", minute=125, official=True)]
    judge(store, incident, looters, rumour="looters", stances=[Stance.SUPPORT, Stance.DENY])
    judge(store, incident, [a_post("Undated", created_at=None)], rumour="undated")
    store.engine.clock.advance_to(LATER)
    correct(store, incident, "dam", NOON + 20 * MINUTE)
    return incident


@pytest.fixture
def fire(store):
    incident = opened(store, name="Kiln Road fire")
    judge(store, incident, [a_post("Gas works gone", minute=-600), a_post("Not true", minute=-590)], rumour="gas")
    return incident


def correct(store, incident, rumour, at):
    draft = CorrectionDraft(rumour, Verdict.FALSE, "It holds.", "radio", "Environment Agency", None, at)
    return store.acts.correct(incident.id, draft, WHO).result()


def lives_of(store, incident, **more):
    return {one.row.id: one for one in read_lives(store, incident.id, LATER, **more).rumours}


def lines_of(store, incident, *rumours):
    lives = lives_of(store, incident)
    return [rumour_line(lives[name], name[0].upper(), LATER) for name in rumours]


def test_read_together_each_rumour_is_as_it_is_read_alone(store, incident):
    together = lives_of(store, incident)
    for rumour in ("dam", "bridge", "looters", "undated"):
        alone = read_rumour(store, incident.id, rumour, LATER)
        assert (together[rumour].row, together[rumour].minutes, together[rumour].life) == (
            alone.row,
            alone.minutes,
            alone.life,
        )


def test_the_largest_stands_first(store, incident):
    assert list(lives_of(store, incident)) == ["dam", "bridge", "looters", "undated"]


def test_a_correction_of_a_merged_rumour_is_one_of_the_rumour_that_lives_on(store, incident):
    store.acts.merge(incident.id, "dam", "bridge", WHO, "the same").result()
    assert [one.verdict for one in lives_of(store, incident)["bridge"].answers] == [Verdict.FALSE]


def test_as_of_compares_what_was_known_by_then(store, incident):
    before = store.last_known_at()
    correct(store, incident, "bridge", NOON + 70 * MINUTE)
    assert lives_of(store, incident, as_of=before)["bridge"].answers == ()
    assert len(lives_of(store, incident)["bridge"].answers) == 1


def test_by_the_clock_all_lines_share_one_axis_from_the_first_post_of_all(store, incident):
    lines = lines_of(store, incident, "dam", "bridge")
    scale = scale_for(lines, by_age=False)
    assert scale.start == NOON
    assert scale.start + scale.length >= NOON + 91 * MINUTE
    assert [sum(scale.series(one).totals) for one in lines] == [6, 3]


def test_by_age_each_line_begins_at_its_own_first_post(store, incident):
    lines = lines_of(store, incident, "dam", "bridge")
    scale = scale_for(lines, by_age=True)
    assert [scale.place(one, one.first_at) for one in lines] == [0.0, 0.0]
    assert [scale.series(one).totals[0] for one in lines] == [1, 1]
    assert scale.place(lines[0], lines[0].answered_at[0]) == 20.0


def test_a_line_tells_nothing_of_the_time_before_it_and_of_an_interval_that_is_not_over(store, incident):
    dam, bridge = lines_of(store, incident, "dam", "bridge")
    scale = scale_for([dam, bridge], by_age=False)
    drawn_lines = [one for one in lines_figure([dam, bridge], scale, now=LATER).data if one.mode == "lines"]
    assert min(drawn_lines[1].x).hour == 13
    young = rumour_line(lives_of(store, incident)["bridge"], "B", NOON + 65 * MINUTE)
    told = [one for one in lines_figure([dam, young], scale, now=LATER).data if one.mode == "lines"][1]
    assert max(told.x).minute < 5


def test_the_first_denial_and_the_corrections_are_marked_on_each_line(store, incident):
    lines = lines_of(store, incident, "dam", "bridge")
    figure = lines_figure(lines, scale_for(lines, by_age=True), now=LATER)
    marks = {one.name: list(one.x) for one in figure.data if one.mode == "markers"}
    assert marks == {words.DENIAL: [10.0], words.CORRECTION: [20.0]}


def test_a_mark_lies_on_the_line_it_belongs_to(store, incident):
    (dam,) = lines_of(store, incident, "dam")
    figure = lines_figure([dam], scale_for([dam], by_age=True), now=LATER)
    (denial,) = [one for one in figure.data if one.name == words.DENIAL]
    (line,) = [one for one in figure.data if one.mode == "lines"]
    assert min(line.y) <= denial.y[0] <= max(line.y)


def test_lines_differ_by_letter_and_dashes_and_not_by_colour_alone(store, incident):
    lines = lines_of(store, incident, "dam", "bridge", "looters")
    figure = lines_figure(lines, scale_for(lines, by_age=False), now=LATER)
    assert len({one.line.dash for one in figure.data if one.mode == "lines"}) == 3
    assert [one.text for one in figure.layout.annotations if one.name == "letter"] == ["D", "B", "L"]


def test_without_dated_posts_the_chart_says_so():
    assert [one.text for one in lines_figure([], None, now=LATER).layout.annotations] == [words.NO_POSTS]


def test_small_charts_share_their_axes_unless_each_is_to_have_its_own(store, incident):
    lines = lines_of(store, incident, "dam", "looters")
    scale = scale_for(lines, by_age=False)
    shared = [small_figure(one, scale, 40).layout for one in lines]
    assert {(one.yaxis.range, one.xaxis.range) for one in shared} == {((0, 42.0), shared[0].xaxis.range)}
    assert [small_figure(one, scale, None).layout.yaxis.tickvals[1] for one in lines] == [4, 1]


def test_the_table_behind_the_lines_holds_their_posts_and_is_empty_where_nothing_is_known(store, incident):
    lines = lines_of(store, incident, "dam", "bridge")
    table = compare_parts.lines_table(lines, scale_for(lines, by_age=False), LATER)
    rows = [[cell.children for cell in row.children] for row in table.children[2].children]
    assert rows[0][1:] == ["2", ""]
    assert sum(int(row[1] or 0) for row in rows) == 6
    assert sum(int(row[2] or 0) for row in rows) == 3


def test_the_clocks_tell_what_is_not_yet_and_what_is_unknown(store, incident):
    correct(store, incident, "undated", NOON + 90 * MINUTE)
    lives = lives_of(store, incident)
    head = words.CLOCK_HEADS[1:]
    dam = dict(zip(head, words.clock_cells(lives["dam"], LATER), strict=True))
    assert (dam["Minutes to first denial"], dam["Minutes to first correction"]) == ("10", "20")
    assert (dam["First seen"], dam["First query"], dam["Posts"], dam["Reach"]) == (
        "12:00",
        "not yet",
        "6",
        "unknown; followers of 6 people unknown",
    )
    undated = dict(zip(head, words.clock_cells(lives["undated"], LATER), strict=True))
    assert (undated["First seen"], undated["Minutes to first correction"]) == ("time unknown", "unknown")


def test_medians_are_of_the_rumours_that_have_one_and_none_is_not_zero(store, incident, fire):
    flood, other = read_compared(store, incident, LATER), read_compared(store, fire, LATER)
    assert (flood.median_minutes_to_denial, flood.median_minutes_to_correction) == (7.5, 20)
    assert (other.median_minutes_to_denial, other.median_minutes_to_correction) == (None, None)
    assert words.incident_cells(other, LATER)[-2:] == ("—", "—")
    assert words.incident_cells(flood, LATER) == ("12:00", "12", "4", "1 of 4", "8 (of 2)", "20 (of 1)")


def test_incidents_stand_on_one_axis_by_all_their_posts(store, incident, fire):
    both = [read_compared(store, one, LATER) for one in (incident, fire)]
    lines = incident_lines(both, LATER)
    assert [one.name for one in lines] == ["Northgate flood", "Kiln Road fire"]
    scale = scale_for(lines, by_age=True)
    assert [sum(scale.series(one).totals) for one in lines] == [11, 2]


def test_a_moment_before_the_first_post_is_no_number_of_minutes():
    assert words.minutes(NOON, NOON - MINUTE) == "before the first post"
    assert minutes_to(None, NOON) is None
    assert words.minutes(NOON, None) == "—"


def test_with_none_chosen_the_three_largest_are_compared_and_an_unknown_one_is_left_out(store, incident):
    both = [read_compared(store, incident, LATER)]
    assert [one.row.id for _, one in chosen_of(both, [])] == ["dam", "bridge", "looters"]
    asked = [(incident.id, "looters"), (incident.id, "gone"), ("elsewhere", "dam"), None]
    assert [one.row.id for _, one in chosen_of(both, asked)] == ["looters"]


def shown(app, context, **given):
    state = {"rumours": [], "beside": [], "by": "clock", "scale": "same"} | given
    return call(
        app,
        f"{page.CHART}.figure",
        [
            (f"{page.CHANGED}.data", None),
            ("compare-acted.data", None),
            (f"{page.RUMOURS}.value", state["rumours"]),
            (f"{page.BESIDE}.value", state["beside"]),
            (f"{page.BY}.value", state["by"]),
            (f"{page.SCALE}.value", state["scale"]),
        ],
        [(f"{page.RUMOURS}.data", []), (f"{page.CONTEXT}.data", context)],
        f"{page.CHANGED}.data",
    )


def test_the_address_holds_what_was_chosen(store, incident, fire):
    chosen = [pair(fire.id, "gas"), pair(incident.id, "dam")]
    answer = shown(an_app(store), {"incident": incident.id}, rumours=chosen, beside=[fire.id], by="age")
    asked = compared_in(urlsplit(answer[page.ADDRESS]["data"]).query)
    assert asked == Compared(((fire.id, "gas"), (incident.id, "dam")), (fire.id,), by_age=True)
    names = [one["name"] for one in answer[page.CHART]["figure"]["data"] if one["mode"] == "lines"]
    assert names == ["A Gas works gone", "B The dam has burst"]
    offered = [group["group"] for group in answer[page.RUMOURS]["data"]]
    assert offered == ["Northgate flood", "Kiln Road fire"]


def test_the_address_of_the_past_leads_to_the_past(store, incident):
    before = read_rows(store, incident.id, LATER)["dam"].surfaced_at + MINUTE
    context = {"incident": incident.id, "as_of": before.isoformat()}
    assert "as_of=2026-11-20T12%3A41" in shown(an_app(store), context, by="age")[page.ADDRESS]["data"]


def test_one_rumour_is_nothing_to_compare(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    answer = shown(an_app(store), {"incident": incident.id})
    assert answer[page.EMPTY] == {"children": words.nothing_yet(1), "hidden": False}
    assert answer[page.BODY]["hidden"]


def test_many_rumours_are_bounded_and_what_is_left_out_is_counted(store):
    incident = opened(store)
    for number in range(27):
        judge(store, incident, [a_post(f"Claim {number}", minute=number)], rumour=f"r{number}")
    answer = shown(an_app(store), {"incident": incident.id})
    assert len(answer[page.CARDS]["children"]) == 24
    assert answer[page.CARDS_SAY]["children"].endswith("3 smaller rumours not drawn, with at most 1 post each.")


@pytest.mark.parametrize(
    "sent",
    [
        {"rumours": 7, "beside": {"a": 1}, "by": None, "scale": []},
        {"rumours": [None, 3, "x", "a/b/c", {}], "beside": [[], "no such"]},
        {"rumours": ["/" * 9], "by": "century"},
        {"rumours": None, "beside": None},
    ],
)
def test_whatever_a_browser_sends_the_page_answers(store, incident, sent):
    assert shown(an_app(store), {"incident": incident.id}, **sent)[page.CHART]["figure"]["data"]


@pytest.mark.parametrize("context", [None, [], {"incident": "no such"}, {"incident": {"a": 1}}])
def test_what_names_no_incident_gets_nothing(store, incident, context):
    assert shown(an_app(store), context) == {}


def test_the_page_of_an_address_offers_the_rumours_by_name_at_once(store, incident):
    chosen = Compared(((incident.id, "dam"),))
    path, _, search = compare_path(incident.id, chosen, None).partition("?")
    laid = route(an_app(store), path, f"?{search}")
    assert f'"value": ["{pair(incident.id, "dam")}"]' in laid
    assert '"label": "Claim: The dam has burst \\u00b7 6 posts"' in laid


def route(app, path, search):
    """What the way from an address to its page draws, as JSON."""
    given = [("url.pathname", path), ("url.search", search)]
    return json.dumps(call(app, "content.children", given, [("paused.data", False)], "url.pathname"))
