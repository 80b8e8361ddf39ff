"""Which incidents a post reaches, and why."""

import dataclasses
import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.matching import Matcher
from models.domain.incidents import Watch
from models.domain.posts import Kind
from models.errors import Refused
from models.store.messages import Arrival
from tests.builders import NOON, OFFICER, a_post, an_incident
from tests.waiting import takes_a_moment

SQUARE = json.dumps(
    {"type": "Polygon", "coordinates": [[[-1.2, 52.9], [-1.1, 52.9], [-1.1, 53.0], [-1.2, 53.0], [-1.2, 52.9]]]}
)


@pytest.fixture
def watching(store):
    """Opens an incident that watches for something; gives its id."""

    def watching(name="Northgate flood", **watch):
        incident = an_incident(name, watch=Watch(**watch))
        return store.incidents.record(incident, OFFICER, "opened").result().id

    return watching


def reached(store, *posts, source="bluesky"):
    """What the matcher says of each post that is kept."""
    matched = Matcher(store, source, lambda name: f"hash of {name}").match(posts)
    return {one.post.id: dict(one.matched) for one in matched.kept}


def why(store, post, **changes):
    return list(reached(store, post, **changes).get(post.id, {}).values())


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("zoo", "A tiger is out of the ZOO!"),
        ("zoo", "#zoo tiger"),
        ("#zoo", "they say #Zoo"),
        ("london zoo", "at London\n Zoo now"),
        ('"london zoo"', "at London Zoo now"),
        ("flood*", "flooding in Bridge Street"),
        ("São Paulo", "in SÃO PAULO"),
        ("fire", "ﬁre in the mill"),
        ("tom & co", "Tom &amp; Co is shut"),
        ("C++", "a C++ meetup"),
        ("洪水", "洪水 now"),
        ("flood *", "flooding now"),
        ('"levee"*', 'the "levees" burst'),
        ('"main street" *', "on Main Street now"),
    ],
)
def test_a_term_is_found(store, watching, term, text):
    watching(terms=(term,))
    assert why(store, a_post(text)) == [f"matched: {term}"]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("zoo", "the zookeeper"),
        ("#zoo", "the zoo"),
        ("london zoo", "London has a zoo"),
        ("d.m", "the dam"),
        ("flood", ""),
    ],
)
def test_a_term_is_not_found(store, watching, term, text):
    watching(terms=(term,))
    assert why(store, a_post(text)) == []


def test_the_reason_names_each_term_once_as_it_was_written(store, watching):
    watching(terms=("Zoo", "tiger", "London Zoo"))
    assert why(store, a_post("tiger! Tiger at London Zoo, the zoo says")) == ["matched: tiger, London Zoo, Zoo"]


def test_a_post_reaches_every_incident_that_wants_it(store, watching):
    one, two = watching(terms=("dam",)), watching("Southgate", terms=("burst", "dam"))
    post = a_post("the dam has burst")
    assert reached(store, post) == {post.id: {one: "matched: dam", two: "matched: dam, burst"}}


def test_a_post_that_reaches_nothing_is_not_kept(store, watching):
    watching(terms=("dam",))
    assert reached(store, a_post("lunch")) == {}


def test_a_closed_incident_takes_no_more_posts(store):
    closed = an_incident(watch=Watch(terms=("dam",)), closed_at=NOON)
    store.incidents.record(closed, OFFICER, "over").result()
    assert reached(store, a_post("the dam")) == {}


def test_a_language_that_is_not_wanted_does_not_match_but_an_unsaid_one_does(store, watching):
    watching(terms=("dam",), languages=("en", "cy"))
    assert why(store, a_post("dam", lang="de")) == []
    assert why(store, a_post("dam", lang="en-GB")) == ["matched: dam"]
    assert why(store, a_post("dam", lang=None)) == ["matched: dam"]


@pytest.mark.parametrize("stated", ["en_US", "eng", "EN-gb", "cy,en", "und", "qht", "mis", "zxx", "English", ""])
def test_a_language_in_another_form_of_its_tag_or_none_at_all_does_not_exclude(store, watching, stated):
    watching(terms=("dam",), languages=("en",))
    assert why(store, a_post("dam", lang=stated)) == ["matched: dam"]


@pytest.mark.parametrize("link", ["reply_to", "repost_of", "quote_of", "root"])
def test_what_answers_a_stored_post_reaches_its_incident(store, watching, link):
    incident = watching(terms=("dam",))
    first = a_post("the dam")
    store.posts.add(Arrival(Matcher(store, "bluesky", str).match([first]).kept)).result()
    answer = a_post("is that so?", **{link: first.id})
    assert list(reached(store, answer)[answer.id]) == [incident]


def test_what_answers_a_post_of_the_same_batch_reaches_its_incident_and_so_on(store, watching):
    watching(terms=("dam",))
    first = a_post("the dam")
    second = a_post("is it?", reply_to=first.id)
    third = a_post("no", reply_to=second.id)
    assert len(reached(store, first, second, third)) == 3


def test_an_answer_to_another_incidents_post_does_not_reach_this_one(store, watching):
    dam, fire = watching(terms=("dam",)), watching("Southgate", terms=("fire",))
    first = a_post("the dam")
    answer = a_post("there is a fire too", reply_to=first.id)
    assert reached(store, first, answer)[answer.id].keys() == {dam, fire}
    assert reached(store, first)[first.id].keys() == {dam}


def test_a_post_in_the_area_reaches_the_incident(store, watching):
    watching(area=SQUARE)
    assert why(store, a_post("hello", latitude=52.95, longitude=-1.15)) == ["in the area"]
    assert why(store, a_post("hello", latitude=53.5, longitude=-1.15)) == []
    assert why(store, a_post("hello")) == []


def test_a_warning_reaches_the_incident_when_any_of_its_areas_meets_ours(store, watching):
    watching(area=SQUARE)
    far = ((54.0, -3.0), (54.0, -2.0), (55.0, -2.0))
    whole_region = ((50.0, -5.0), (50.0, 5.0), (56.0, 5.0), (56.0, -5.0))
    assert why(store, a_post("hello", latitude=54.5, longitude=-2.3, outlines=(far, whole_region))) == ["in the area"]
    assert why(store, a_post("hello", latitude=54.5, longitude=-2.3, outlines=(far,))) == []


def test_our_own_channel_reaches_the_incident_and_is_official(store, watching):
    watching(accounts=("@northgatepolice",))
    (kept,) = (
        Matcher(store, "bluesky", lambda name: f"hash of {name}")
        .match([a_post("all roads open", author="hash of northgatepolice"), a_post("hi", author="hash of ann")])
        .kept
    )
    assert kept.post.official


@pytest.mark.parametrize("named", ["webhook:tipline", "webhook"])
def test_all_of_a_source_may_matter(store, watching, named):
    watching(sources=(named,))
    assert why(store, a_post("anything"), source="webhook:tipline") == ["from webhook:tipline"]
    assert why(store, a_post("anything"), source="bluesky") == []


def test_an_edit_of_a_stored_post_is_kept_though_its_new_words_match_nothing(store, watching):
    watching(terms=("dam",))
    post = a_post("the dam")
    store.posts.add(Arrival(Matcher(store, "bluesky", str).match([post]).kept)).result()
    edited = dataclasses.replace(post, text="sorry, wrong place", edited_at=NOON)
    assert reached(store, edited) == {post.id: {}}


def test_a_repost_says_why_it_is_here(store, watching):
    watching(terms=("dam",))
    first = a_post("the dam")
    assert why(store, a_post("", kind=Kind.REPOST, repost_of=first.id)) == []
    found = reached(store, first, repost := a_post("", kind=Kind.REPOST, repost_of=first.id))
    assert list(found[repost.id].values()) == ["reposts a post that is here"]


@given(terms=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5), text=st.text(max_size=200))
def test_no_text_and_no_term_breaks_the_matching(terms, text):
    incident = an_incident(watch=Watch(terms=tuple(terms)))
    store = SimpleNamespace(
        incidents=SimpleNamespace(all=lambda: [incident]), posts=SimpleNamespace(incidents_of=lambda ids: {})
    )
    for one in Matcher(store, "bluesky", str).match([a_post(text), a_post(" ".join(terms))]).kept:
        assert all(words.startswith("matched: ") for words in one.matched.values())


def test_many_terms_are_looked_for_in_a_long_post_within_a_moment(store, watching):
    watching(terms=tuple(f"{chr(97 + n % 26)}lood{n} stre*" for n in range(200)))
    takes_a_moment(lambda: why(store, a_post("flood street lood " * 220)))


@pytest.mark.parametrize("term", ['" *"', "**", "\u200b\u200b", "“”", "#", "*"])
def test_a_term_that_would_match_everything_is_refused(store, watching, term):
    with pytest.raises(Refused):
        watching(terms=(term,))
