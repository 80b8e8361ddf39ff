"""Trying watch terms on an incident's form: what they would have matched, what is odd, and what cannot be told."""

from datetime import timedelta

import pytest

from models.domain.sources import SourcePhase, SourceState
from models.domain.trials import TermTrial, Trial
from tests.builders import NOON
from tests.dashboard.world import ANALYST, DUTY, NoSources, SomeSources, an_app, call

SINCE = NOON - timedelta(minutes=9)


class Tried(SomeSources):
    """Sources whose posts are matched by terms, with what came of the trial."""

    def __init__(self, *trials, others=()):
        super().__init__(*(a_source(one.source) for one in trials), *others)
        self._trials = trials

    def try_terms(self, watch):
        self.watch = watch
        return list(self._trials)


def a_source(name, **more):
    return SourceState(name, SourcePhase.LIVE, healthy=True, **more)


def a_trial(*terms, source="bluesky", read=200, counted=200, with_place=0):
    return Trial(source, SINCE, read, counted, with_place, terms)


def tried(store, source_control, officer=DUTY, **values):
    asked = {"values": {"terms": "dam", **values}}
    app = an_app(store, source_control)
    answer = call(app, "trial-found.children", [("trial-asked.data", asked)], [], "trial-asked.data", officer)
    return texts_of(answer["trial-found"]["children"]) if answer else []


def texts_of(drawn):
    """What is read on the screen, a part after the other."""
    if isinstance(drawn, str):
        return [drawn]
    if isinstance(drawn, dict):
        return texts_of(drawn.get("props", {}).get("children"))
    return [text for one in drawn or () for text in texts_of(one)]


def test_each_term_and_all_together_are_told_for_each_source(store):
    bluesky = a_trial(TermTrial("dam", 12, False), TermTrial("burst dam", 3, True))
    feeds = a_trial(TermTrial("dam", 0, False), TermTrial("burst dam", 0, True), source="feeds", read=1, counted=1)
    shown = tried(store, Tried(bluesky, feeds), terms="dam\nburst dam")
    assert "Posts read since 11:51 that each term would have matched" in shown
    head = shown.index("Term")
    assert shown[head : head + 3] == ["Term", "bluesky: 200 posts", "feeds: 1 post"]
    assert shown[head + 3 :][:9] == [
        *("dam", "about 12 (6.0%)", "none"),
        *("burst dam", "at most 3 (1.5%)", "none"),
        *("All together", "about 12 to 15", "none"),
    ]


def test_the_form_is_tried_as_it_stands(store):
    sources = Tried(a_trial(TermTrial("dam", 1, False), TermTrial("#Flood", 0, False)))
    tried(store, sources, terms=" dam \n#Flood", languages="en_GB, cym", accounts="@force")
    assert sources.watch.terms == ("dam", "#Flood")
    assert sources.watch.languages == ("en", "cy")


def test_a_term_that_would_match_more_than_a_fifth_of_everything_is_warned_of(store):
    assert any(
        "“dam” would have matched about 34% of what bluesky brought" in line
        for line in tried(store, Tried(a_trial(TermTrial("dam", 68, False))))
    )
    few = Tried(a_trial(TermTrial("dam", 3, False), read=4, counted=4))
    assert not any("very much" in line for line in tried(store, few))


def test_a_term_that_would_match_nothing_anywhere_is_told(store):
    nothing, some = a_trial(TermTrial("dam", 0, False)), a_trial(TermTrial("dam", 1, False), source="feeds")
    assert any("matched none of 200 posts" in line for line in tried(store, Tried(nothing)))
    assert not any("matched none" in line for line in tried(store, Tried(nothing, some)))


def test_of_a_source_of_which_a_part_is_counted_the_rest_is_estimated(store):
    shown = tried(store, Tried(a_trial(TermTrial("dam", 20, False), read=1_000, counted=200)))
    assert "about 100 (10.0%)" in shown
    assert "bluesky: 200 of 1,000 posts were counted. The figures are estimates for all of them." in shown


def test_what_an_area_would_bring_is_told_as_the_most_there_can_be(store):
    area = '{"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 50]]]}'
    shown = tried(store, Tried(a_trial(TermTrial("dam", 12, False), with_place=5)), area=area)
    assert "about 12 to 17" in shown
    assert any("5 posts gave a place" in line for line in shown)


def test_a_source_that_is_taken_whole_brings_all_its_posts(store):
    shown = tried(store, Tried(a_trial(TermTrial("dam", 12, False))), sources=["bluesky"])
    assert "all 200: this source is taken whole" in shown


@pytest.mark.parametrize(
    ("trial", "state", "why"),
    [
        (Trial("feeds"), a_source("feeds"), "it brought no posts in the last ten minutes"),
        (Trial("feeds"), a_source("feeds", running=False), "it is not being read"),
        (None, a_source("exercise"), "its posts reach incidents by their collection, not by terms"),
    ],
)
def test_where_it_cannot_be_told_the_reason_is(store, trial, state, why):
    sources = Tried(others=[state])
    sources._trials = [trial] if trial else []
    assert any(why in line for line in tried(store, sources))


def test_where_no_source_is_matched_by_terms_it_says_so(store):
    assert any("No source is read by watch terms now" in line for line in tried(store, NoSources()))


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"terms": ""}, "Enter a term first."),
        ({"terms": "the"}, "“the” would match nearly every post. Use a longer word or a phrase."),
        ({"terms": ["dam"]}, "Enter a term first."),
        ({"languages": "English"}, "“English” is not a language code. Use codes such as en, cy or pl."),
    ],
)
def test_a_form_that_cannot_be_tried_says_why(store, values, problem):
    assert problem in tried(store, Tried(a_trial(TermTrial("dam", 1, False))), **values)


def test_whoever_may_choose_terms_may_try_them_and_nobody_else(store):
    sources = Tried(a_trial(TermTrial("dam", 1, False)))
    assert any("You cannot do this" in line for line in tried(store, sources, officer=ANALYST))
    assert not any("about 1" in line for line in tried(store, sources, officer=None))
