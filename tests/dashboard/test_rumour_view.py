"""What the rumour page shows, from a store that holds judged posts."""

from datetime import timedelta

from dashboard.components import rumour_parts
from dashboard.views.ranking import Window
from dashboard.views.rumour import read_rumour
from dashboard.views.spread import series_for
from dashboard.words import rumour as rumour_words
from models.domain.acts import Act, Officer
from models.domain.post_ids import is_made
from models.domain.posts import Removal
from models.domain.rumours import Stance
from models.store.messages import Arrival
from tests.builders import NOON, a_post
from tests.dashboard.world import judge, opened

WHO = Officer("J. Officer", "duty")
LATER = NOON + timedelta(hours=1)


def test_a_flow_is_told_once_with_its_copies(store):
    incident = opened(store)
    copies = [a_post("The dam has burst", minute=m, author=f"a{m % 2}") for m in range(3)]
    judge(store, incident, copies, flow="burst")
    (flow,) = read_rumour(store, incident.id, "dam", LATER).flows
    assert (flow.text, flow.posts, flow.people) == ("The dam has burst", 3, 2)
    assert (flow.first_at, flow.last_at) == (NOON, NOON + timedelta(minutes=2))


def test_a_stance_by_the_model_names_nobody(store):
    incident = opened(store)
    judge(store, incident, [a_post()], stances=[Stance.DENY])
    page = read_rumour(store, incident.id, "dam", LATER)
    assert (page.flows[0].stance, page.flows[0].coded_by) == (Stance.DENY, None)


def test_the_clock_holds_the_first_of_each_and_none_for_what_has_not_come(store):
    incident = opened(store)
    stances = [Stance.SUPPORT, Stance.QUERY, Stance.QUERY]
    judge(store, incident, [a_post(minute=m) for m in range(3)], stances=stances)
    life = read_rumour(store, incident.id, "dam", LATER).life
    assert life.first_seen == NOON
    assert life.first_query == NOON + timedelta(minutes=1)
    assert (life.first_denial, life.first_correction, life.denials_overtake, life.dormant) == (None,) * 4


def test_a_post_whose_date_is_not_believed_is_placed_by_its_arrival_counted_and_marked(store):
    incident = opened(store)
    claimed = NOON - timedelta(days=4000)
    judge(store, incident, [a_post(minute=1), a_post(minute=9, stated_at=claimed), a_post(minute=10)])
    page = read_rumour(store, incident.id, "dam", LATER)
    assert page.life.first_seen == NOON + timedelta(minutes=1)
    assert page.doubted == (claimed,)
    assert [one.stated_at for one in page.posts] == [None, claimed, None]
    assert {one.first_at.minute: one.stated_at for one in page.flows} == {1: None, 9: claimed, 10: None}


def test_a_post_whose_id_grapevine_made_says_so(store):
    incident = opened(store)
    judge(store, incident, [a_post(id="twitter:made-0123456789abcdef0123"), a_post()])
    shown = {
        is_made(one.id): str(rumour_parts.post_list([one], LATER))
        for one in read_rumour(store, incident.id, "dam", LATER).posts
    }
    assert {made: rumour_words.MADE_ID in post for made, post in shown.items()} == {True: True, False: False}


def test_a_doubted_date_is_told_of_its_own_rumour_only(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    judge(store, incident, [a_post(stated_at=NOON - timedelta(days=4000))], rumour="other")
    assert read_rumour(store, incident.id, "dam", LATER).doubted == ()


def test_posts_are_newest_first_and_masked(store):
    incident = opened(store)
    judge(store, incident, [a_post("old news", minute=0), a_post("@jo says it burst", minute=1)])
    page = read_rumour(store, incident.id, "dam", LATER)
    assert [post.text for post in page.posts] == ["@… says it burst", "old news"]


def test_the_log_is_newest_first(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    for act in (Act.TAKE, Act.PARK):
        store.acts.decide(incident.id, "dam", act, WHO, "because").result()
    assert [one.act for one in read_rumour(store, incident.id, "dam", LATER).decisions] == [Act.PARK, Act.TAKE]


def test_no_view_names_an_author(store):
    incident = opened(store)
    judge(store, incident, [a_post(author="hash-of-somebody")])
    assert "hash-of-somebody" not in repr(read_rumour(store, incident.id, "dam", LATER))


def test_the_chart_of_all_times_never_shows_time_to_come(store):
    incident = opened(store)
    judge(store, incident, [a_post(minute=0), a_post(minute=3)])
    now = NOON + timedelta(minutes=5)
    series = series_for(read_rumour(store, incident.id, "dam", now), Window.ALL, now)
    assert series.starts[-1] <= now
    assert sum(series.totals) == 2


def test_the_chart_of_all_times_ends_near_the_last_post_of_a_rumour_long_silent(store):
    incident = opened(store)
    judge(store, incident, [a_post(minute=0), a_post(minute=50)])
    now = NOON + timedelta(days=3)
    series = series_for(read_rumour(store, incident.id, "dam", now), Window.ALL, now)
    assert NOON + timedelta(minutes=50) < series.starts[-1] + series.interval < NOON + timedelta(hours=1)


WELSH = "Mae'r argae uwchben y dref wedi torri, ewch i dir uchel"


def test_a_language_is_shown_as_stated_or_as_detected_and_a_screen_reader_speaks_it(store):
    incident = opened(store)
    texts = [(WELSH, None), ("Tama pękła, uciekajcie", "pl_PL"), ("flood lol", None), ("The dam has burst!", "en")]
    judge(store, incident, [a_post(text, lang=lang, minute=m) for m, (text, lang) in enumerate(texts)])
    page = read_rumour(store, incident.id, "dam", LATER)
    lists = rumour_parts.post_list(page.posts[::-1], LATER), rumour_parts.flow_list(page.flows, LATER)
    for shown in map(str, lists):
        assert shown.count("(detected)") == 1
        assert "'Welsh (detected)'" in shown
        assert "'Polish'" in shown
        assert "English" not in shown
        assert [
            text for text, _ in texts if f"Bdi(children='{text}', className='post-text', dir='auto')" in shown
        ] == ["flood lol"]
        assert shown.count("lang='") == 3


def test_of_an_erased_post_no_language_is_shown(store):
    incident = opened(store)
    post = a_post(WELSH)
    judge(store, incident, [post])
    store.posts.add(Arrival(removals=[Removal("test", "deleted", LATER, post=post.id)])).result()
    page = read_rumour(store, incident.id, "dam", LATER)
    assert (page.posts[0].language, page.flows[0].language) == (None, None)
