"""What the rumour page shows, from a store that holds judged posts."""

from datetime import timedelta

from dashboard.pages.rumour import series_for
from dashboard.views.board import Window
from dashboard.views.rumour import read_rumour
from models.domain import Act, Officer, Stance
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
