"""The story of an incident: what its timeline and its list say, live and as it was known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.components import story_parts
from dashboard.figures import story_lanes
from dashboard.figures.story import height, timeline_figure
from dashboard.pages import story as page
from dashboard.views.ranking import Window
from dashboard.views.story import EntryKind, read_story
from dashboard.words import story as words
from models.domain.acts import Act, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.posts import Removal
from models.domain.rumours import Stance
from models.domain.sources import HealthEvent, HealthKind
from models.store.messages import Arrival, ArrivedPost
from tests.builders import NOON, a_post
from tests.dashboard.world import an_app, call, drawn, judge, opened

WHO = Officer("J. Officer", "duty")
LATER = NOON + timedelta(hours=4)
MINUTE = timedelta(minutes=1)


def a_draft(rumour: str, at=NOON + 30 * MINUTE) -> CorrectionDraft:
    return CorrectionDraft(rumour, Verdict.FALSE, "It holds.", "radio", "Environment Agency", None, at)


@pytest.fixture
def incident(store):
    """A quiet hour and a burst of forty copies from a quarter past one, twelve of them by one person."""
    incident = opened(store)
    judge(store, incident, [a_post("The bridge is shut", minute=m) for m in (0, 20, 40)], rumour="bridge")
    burst = [
        a_post("@jo says: the dam has burst", minute=75 + n % 5, author=f"a{max(n, 11)}", author_followers=100)
        for n in range(40)
    ]
    judge(store, incident, [a_post("No it has not", minute=78)], rumour="dam", stances=[Stance.DENY])
    judge(store, incident, burst, rumour="dam", flow="burst", stances=[Stance.SUPPORT])
    judge(store, incident, [a_post("Ducks!", minute=200)], rumour="ducks", surfaced=False)
    store.engine.clock.advance_to(LATER)
    return incident


@pytest.fixture
def a_removal(store, incident):
    post = next(row.id for row in store.judgement.final_rows(incident.id) if row.rumour == "bridge")
    return Removal("test", "deleted", LATER, post=post)


def the_story(store, incident, **more):
    return read_story(store, incident.id, more.get("as_of", LATER), **more)


def drawn_whole(story):
    return timeline_figure(story_parts.timeline(story), story.start, story.end, now=LATER)


def test_an_incident_without_dated_posts_has_no_story(store):
    incident = opened(store)
    judge(store, incident, [a_post(created_at=None)])
    assert the_story(store, incident) is None


def test_a_peak_names_the_flows_that_drove_it_with_their_figures_in_it(store, incident):
    late = a_post("@jo says: the dam has burst", minute=190)
    judge(store, incident, [late], rumour="dam", flow="burst", surfaced=False)
    story = the_story(store, incident)
    (peak,) = story.peaks
    assert (peak.since, peak.until) == (NOON + 75 * MINUTE, NOON + 80 * MINUTE)
    assert (peak.posts, peak.tallest) == (41, 41)
    widest = peak.flows[0]
    assert (widest.words, widest.claim, widest.stance) == (
        "@… says: the dam has burst",
        story.claims["dam"],
        Stance.SUPPORT,
    )
    assert (widest.posts, widest.people, widest.reach, widest.reach_unknown) == (40, 29, 2900, 0)
    assert [flow.stance for flow in peak.flows] == [Stance.SUPPORT, Stance.DENY]


def test_what_copies_an_official_post_is_marked_also_where_the_peak_holds_only_copies(store):
    incident = opened(store)
    judge(store, incident, [a_post("Boil your water", official=True)], rumour="water", flow="boil")
    copies = [a_post("Boil your water", minute=90) for _ in range(40)]
    judge(store, incident, copies, rumour="water", flow="boil", surfaced=False)
    peak = the_story(store, incident).peaks[-1]
    assert [(one.official, one.posts) for one in peak.flows] == [(True, 40)]


def test_removed_words_are_removed_from_the_story_too(store, incident, a_removal):
    store.posts.add(Arrival(removals=[a_removal])).result()
    told = [entry.words for entry in words.entries(the_story(store, incident), LATER)]
    assert not any("bridge is shut" in one for one in told)


def test_the_story_of_the_past_holds_what_was_known_by_then(store, incident):
    before = store.last_known_at()
    judge(store, incident, [a_post("Looters!", minute=90)], rumour="looters")
    store.acts.decide(incident.id, "dam", Act.TAKE, WHO, "checking").result()
    store.acts.correct(incident.id, a_draft("dam"), WHO).result()
    then, now = the_story(store, incident, as_of=before), the_story(store, incident)
    assert (len(then.answers), len(then.decisions), len(then.rumours)) == (0, 0, 2)
    assert (len(now.answers), len(now.decisions), len(now.rumours)) == (1, 1, 3)


def test_what_was_said_of_a_merged_rumour_is_told_of_the_one_that_lives_on(store, incident):
    store.acts.correct(incident.id, a_draft("bridge"), WHO).result()
    store.acts.merge(incident.id, "bridge", "dam", WHO, "the same").result()
    story = the_story(store, incident)
    assert [one.rumour for one in story.answers] == ["dam"]
    assert story.claims["bridge"] == story.claims["dam"]


def test_the_list_is_in_order_of_time_and_what_has_none_stands_last(store, incident):
    judge(store, incident, [a_post("Undated", created_at=None)], rumour="undated")
    store.acts.decide(incident.id, "dam", Act.PARK, WHO, "slow").result()
    entries = words.entries(the_story(store, incident), LATER)
    times = [one.at for one in entries]
    assert times[-1] is None
    assert times[:-1] == sorted(times[:-1])
    assert {one.kind for one in entries} == {EntryKind.RUMOUR, EntryKind.DECISION, EntryKind.PEAK}


def test_the_list_holds_only_the_kinds_that_were_chosen(store, incident):
    story = the_story(store, incident)
    shown = story_parts.entry_list(story, {EntryKind.PEAK}, incident.id, None, LATER)
    assert [getattr(one, "className", "") for one in drawn(shown[0])].count("entry") == 1
    (nothing,) = story_parts.entry_list(story, set(), incident.id, None, LATER)
    assert nothing.children == words.NOTHING_CHOSEN


def test_each_rumour_has_a_lane_and_its_bars_hold_all_its_posts(store, incident):
    story = the_story(store, incident)
    figure = drawn_whole(story)
    lanes = [one.text for one in figure.layout.annotations if one.name == "lane"]
    assert lanes[:4] == ["Gaps of sources: none", "Official posts: none", "Corrections: none", "Decisions: none"]
    assert lanes[4:] == ["Claim: The bridge is shut · 3 posts", f"Claim: {story.claims['dam']} · 41 posts"]
    said = [text for trace in figure.data if trace.type == "bar" and trace.base for text in trace.customdata]
    assert sum(int(text.rsplit(": ", 1)[1].split()[0]) for text in said) == 44


def test_the_tallest_bar_fills_its_lane_and_the_others_are_to_scale(store, incident):
    story = the_story(store, incident)
    bars = [one for one in drawn_whole(story).data if one.name == "▲ support"]
    assert max(bars[0].y) == pytest.approx(story_lanes.BAR * 40 / 41)
    assert min(bars[0].y) == pytest.approx(story_lanes.BAR / 41)


def test_many_rumours_are_bounded_and_the_count_of_the_others_is_said(store):
    incident = opened(store)
    for number in range(story_parts.MOST_RUMOURS + 3):
        judge(store, incident, [a_post(f"Claim {number}", minute=number)], rumour=f"r{number}")
    story = the_story(store, incident)
    drawn_here = story_parts.timeline(story)
    assert len(drawn_here.rumours) == story_parts.MOST_RUMOURS
    assert words.left_out(3).startswith("3 smaller rumours")
    assert height(drawn_here) < 1_300


def test_a_gap_is_drawn_in_its_lane_and_behind_all_posts(store, incident):
    began, ended = NOON + 100 * MINUTE, NOON + 130 * MINUTE
    store.sources.add_health([HealthEvent("feeds", HealthKind.GAP_CLOSED, ended, "503", began, ended)]).result()
    story = the_story(store, incident)
    figure = drawn_whole(story)
    assert [trace.yaxis for trace in figure.data if trace.meta == "gap"] == ["y2", "y3"]
    assert "No posts from feeds until 14:10: 503" in [one.words for one in words.entries(story, LATER)]


def test_markup_in_a_post_is_text_in_the_chart(store):
    incident = opened(store)
    judge(store, incident, [a_post('<a href="javascript:alert(1)">burst</a> & gone')])
    story = the_story(store, incident)
    figure = drawn_whole(story)
    texts = [one.text for one in figure.layout.annotations] + [
        said for trace in figure.data for said in (trace.customdata if trace.customdata is not None else ())
    ]
    assert not any("<a " in str(text) for text in texts)


def test_a_length_of_time_shows_the_latest_and_goes_back_by_halves_to_the_beginning(store, incident):
    story = the_story(store, incident)
    hour = timedelta(hours=1)
    assert page.shown_span(story, Window.ALL, 3) == (story.start, story.end)
    assert page.shown_span(story, Window.SIX_HOURS, 0) == (story.start, story.end)
    assert page.shown_span(story, Window.HOUR, 0) == (story.end - hour, story.end)
    assert page.shown_span(story, Window.HOUR, 1) == (story.end - 1.5 * hour, story.end - 0.5 * hour)
    assert page.shown_span(story, Window.HOUR, 1_000) == (story.start, story.start + hour)


def test_without_a_peak_it_says_so(store):
    incident = opened(store)
    judge(store, incident, [a_post(minute=m) for m in (0, 30, 60)])
    said = [one.children for one in story_parts.peaks(the_story(store, incident), LATER)]
    assert words.NO_PEAKS in said


def shown(app, context, **given):
    state = {"window": "all", "shift": 0} | given
    return call(
        app,
        f"{page.CHART}.figure",
        [(f"{page.CHANGED}.data", None), ("story-acted.data", None), (f"{page.SHIFT}.data", state["shift"])],
        [(f"{page.WINDOW}.value", state["window"]), (f"{page.CONTEXT}.data", context)],
        f"{page.CHANGED}.data",
    )


def test_the_page_draws_the_present_and_the_past(store, incident):
    before = store.last_known_at()
    judge(store, incident, [a_post("Looters!", minute=90)], rumour="looters")
    app = an_app(store)
    now = shown(app, {"incident": incident.id})
    assert "3 rumours" in now[page.SUMMARY]["children"]
    then = shown(app, {"incident": incident.id, "as_of": before.isoformat()})
    assert "2 rumours" in then[page.SUMMARY]["children"]


def test_before_the_first_post_the_page_says_that_there_is_no_story(store):
    incident = opened(store)
    answer = shown(an_app(store), {"incident": incident.id})
    assert answer[page.EMPTY] == {"children": words.NO_STORY, "hidden": False}
    assert answer[page.BODY]["hidden"]


@pytest.mark.parametrize(
    ("window", "shift"), [(None, None), ("year", -4), ({"a": 1}, 10**30), ("1", "x"), ("6", 2.5), ("1", True)]
)
def test_whatever_a_browser_sends_the_page_answers(store, incident, window, shift):
    assert shown(an_app(store), {"incident": incident.id}, window=window, shift=shift)[page.CHART]["figure"]


@pytest.mark.parametrize("context", [None, [], {"incident": "no such"}, {"incident": 7}])
def test_what_names_no_incident_gets_nothing(store, incident, context):
    assert shown(an_app(store), context) == {}


def test_a_peak_names_its_three_widest_flows_though_narrower_ones_came_first(store):
    incident = opened(store)
    for posts in (2, 3, 5, 4, 40):
        wave = [a_post(f"Wave of {posts}", minute=10 + place % 3) for place in range(posts)]
        judge(store, incident, wave, rumour=f"r{posts}", flow=f"f{posts}")
    store.engine.clock.advance_to(LATER)
    (peak,) = the_story(store, incident).peaks
    assert [one.posts for one in peak.flows] == [40, 5, 4]


def test_the_story_of_the_past_holds_the_words_that_stood_then(store):
    incident = opened(store)
    wave = [a_post("The dam has burst", minute=10, author=f"a{place}") for place in range(60)]
    judge(store, incident, wave, flow="f")
    said = a_post("It stands", minute=12, official=True)
    judge(store, incident, [said])
    then = store.last_known_at()
    store.engine.clock.advance_to(LATER)
    edits = [replace(one, text="Other words", edited_at=NOON + 50 * MINUTE) for one in (wave[0], said)]
    store.posts.add(Arrival([ArrivedPost(one, {incident.id: "dam"}) for one in edits])).result()
    story = the_story(store, incident, as_of=then)
    assert {one.words for peak in story.peaks for one in peak.flows} >= {"The dam has burst"}
    assert [one.words for one in story.officials] == ["It stands"]
