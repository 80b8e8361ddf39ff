"""How long the board, a page and the bubbles take as known at a moment, in one incident of a million posts.

    python tests/benchmarks/looking_back.py [POSTS]

Fills a database by bulk statements with POSTS (1,000,000) posts in the exercise's proportions: three flows to eight
posts, rumours whose sizes fall off as one over their rank so that the largest holds a tenth, six flows of ten put
elsewhere once, two stances a flow, a third of a score a post, edits and erasures. Then reads all three at 30 random
moments of its life, each for the first time, and prints the median and the 95th percentile of each.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from dashboard.views.bubbles import read_picture
from dashboard.views.past import PastKeeper
from dashboard.views.snapshot import read_snapshot
from models.store.duckdb.store import DuckDBStore
from tests.builders import NOON, PRESENT, a_clock, an_incident

POSTS = 1_000_000
LIFE = timedelta(hours=10)
REPEATS = 30
RUMOURS, ON_BOARD = 2_000, 360
LARGEST = "rumour 1"

# `hash(seed, i)` stands for chance, so that every run fills the same.
FILL = (
    # Which post opens a flow, and which flow each post is in.
    """create temp table flow_openers as
    select row_number() over (order by i) as flow, i,
        'rumour ' || floor(exp(chance('rumour', i) * ln($rumours + 1)))::integer as rumour,
        chance('moved', i) < 0.6 as moved
    from range($posts) r(i)
    where i < 8 or chance('opens', i) < 0.385""",
    """create temp table drawn as
    with counted as (
        select i, (select count(*) from flow_openers o where o.i = r.i) as opens,
            sum(case when i < 8 or chance('opens', i) < 0.385 then 1 else 0 end) over (order by i) as flows
        from range($posts) r(i))
    select i, opens = 1 as opens,
        case when opens = 1 then flows else 1 + floor(sqrt(chance('copies', i)) * (flows - 1)) end::bigint as flow,
        $start::timestamp + to_microseconds((i * $step_us)::bigint) as known_at
    from counted""",
    """insert into posts by name
    select i as seq, hash(i)::ubigint as id_key, 'bench:' || i as id, 'bench' as source,
        case when opens then 'post' else 'repost' end as kind,
        case when chance('dated', i) > 0.01
            then known_at - to_seconds((60 * chance('late', i))::integer) end as created_at,
        known_at as arrived_at, known_at,
        'author ' || (floor(chance('author', i) * $posts * 0.46))::bigint as author,
        case when chance('followed', i) > 0.1
            then floor(exp(chance('followers', i) * 12))::bigint end as author_followers,
        chance('official', i) < 0.01 as official,
        case when chance('erased', i) < 0.01 then ''
            else 'Somebody says that number ' || flow || ' of the dams above Northgate has burst, water near ' || flow
        end as text,
        []::varchar[] as flags,
        case when chance('erased', i) < 0.01 then $end::timestamp end as removed_at,
        case when chance('edited', i) < 0.02 then known_at + interval 5 minutes end as edited_at
    from drawn""",
    """insert into post_versions by name
    select seq, 'What was said before about ' || id as text, null::timestamp as edited_at, edited_at as known_at
    from posts
    where edited_at is not null""",
    """insert into incident_posts by name
    select $incident as incident, i as seq, 'bench:' || i as post, 'dam' as matched, i as place, known_at
    from drawn""",
    """insert into flow_posts by name
    select $incident as incident, 'flow ' || flow as flow, i as seq, 'bench:' || i as post, 'bench:' || i as thread,
        i as place, known_at
    from drawn""",
    """create temp table flows as
    select o.flow, o.rumour, o.moved, d.known_at,
        'rumour ' || floor(exp(chance('before', o.i) * ln($rumours + 1)))::integer as before
    from flow_openers o
    join drawn d on d.i = o.i""",
    """insert into flow_assignments by name
    select $incident as incident, 'flow ' || flow as flow, rumour, 'model' as assigned_by, 0.9 as confidence, known_at
    from (
        select flow, case when moved then before else rumour end as rumour, known_at from flows
        union all
        select flow, rumour, known_at + interval 10 minutes from flows where moved)
    order by known_at""",
    """insert into stances by name
    select $incident as incident, 'flow ' || flow as flow, rumour, ['support', 'deny', 'query', 'comment'][
        1 + floor(4 * chance('stance', flow))::integer] as label, 'model' as judged_by, known_at
    from (
        select flow, case when moved then before else rumour end as rumour, known_at from flows
        union all
        select flow, rumour, known_at + interval 10 minutes from flows)
    order by known_at""",
    """insert into rumour_events by name
    with events as (
        select rumour, 'score' as kind, known_at, null as post, chance('likely', flow) as likelihood,
            '{"answers": 12, "claims": 30, "may_go_up": true, "people": ' || (flow % 40)::varchar || ', "reasons": ['
            || '{"contribution": 0.5, "feature": "people", "value": 2}]}' as detail
        from flows
        where chance('scored', flow) < 0.9
        union all
        select rumour, 'title', known_at, 'bench:' || i, null, '{"states_claim": true}'
        from (select o.*, d.known_at from flow_openers o join drawn d on d.i = o.i)
        where chance('titled', flow) < 0.15
        union all
        select 'rumour ' || r, 'surfaced', $start::timestamp + r * ($end::timestamp - $start::timestamp) / $rumours,
            null, null, '{"rule": "several"}'
        from range(1, $on_board + 1) b(r))
    select $incident as incident, *, known_at as happened_at
    from events
    order by known_at""",
    """insert into decisions by name
    select $incident as incident, r + 1 as number, 'rumour ' || (1 + r % $on_board) as rumour, 'take' as act,
        'assessing' as state, 'J. Officer' as officer, 'duty' as role, 'checking' as reason, known_at as decided_at,
        '' as salt, '' as link, known_at
    from (
        select r, $start::timestamp + r * ($end::timestamp - $start::timestamp) / 500 as known_at
        from range(500) d(r))""",
    """insert into suggestions by name
    select $incident as incident, 'rumour ' || r as rumour, 'rumour ' || (r + 1) as other, 0.8 as probability,
        '{"other_number": false, "people": [3, 4], "post": "bench:1", "same_link": false, "since": '
        || '"2026-11-20T12:00:00+00:00", "words": [1, 2]}' as reason,
        $start::timestamp + r * ($end::timestamp - $start::timestamp) / $rumours as known_at
    from range(1, 600) s(r)""",
)


def fill(store: DuckDBStore, incident: str, posts: int, start: datetime, end: datetime) -> None:
    """Every table that the two views read, in the order in which the writer would have written."""
    step_us = (end - start) / timedelta(microseconds=1) / posts
    naive = {"start": start.replace(tzinfo=None), "end": end.replace(tzinfo=None)}
    given = {
        "incident": incident,
        "posts": posts,
        "step_us": step_us,
        "rumours": RUMOURS,
        "on_board": ON_BOARD,
        **naive,
    }
    with store.engine.connection.cursor() as connection:
        connection.execute("create temp macro chance(seed, i) as (hash(seed || i) % 1000003) / 1000003.0")
        for statement in FILL:
            used = {name: value for name, value in given.items() if f"${name}" in statement}
            connection.execute(statement, used)
        connection.execute("checkpoint")


def seconds(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    with tempfile.TemporaryDirectory() as folder:
        clock = a_clock()
        store = DuckDBStore(Path(folder), clock)
        incident = store.incidents.open(an_incident()).result().id
        end = NOON + LIFE
        took = seconds(lambda: fill(store, incident, posts, NOON + timedelta(seconds=1), end))
        store.close()
        store = DuckDBStore(Path(folder), clock)
        clock.advance_to(PRESENT)
        print(f"{posts:,} posts filled in {took:.0f} s")
        loading = seconds(lambda: store.views.history(incident))
        print(f"the history read into memory in {loading:.1f} s, once after a start")
        drawn = random.Random(1)
        boards, pages, pictures = [], [], []
        for _ in range(REPEATS):
            moment = NOON + timedelta(minutes=10) + drawn.random() * (LIFE - timedelta(minutes=10))
            past = PastKeeper(store)
            boards.append(seconds(lambda moment=moment, past=past: past.board(incident, moment)))
            pages.append(seconds(lambda moment=moment, past=past: past.page(incident, LARGEST, moment)))
            pictures.append(seconds(lambda moment=moment: read_picture(store, incident, None, as_of=moment)))
        largest = past.board(incident, end).rows[LARGEST]
        print(f"{len(past.board(incident, end).rows)} rumours on the board; the largest has {largest.posts:,} posts")
        for name, each in (("board", boards), ("page", pages), ("bubbles", pictures)):
            p50, p95 = np.percentile(each, [50, 95])
            print(f"{name}: p50 {1_000 * p50:.0f} ms, p95 {1_000 * p95:.0f} ms, longest {1_000 * max(each):.0f} ms")
        live = seconds(lambda: read_snapshot(store, incident, end, token="", number=0))
        print(f"the live board, for comparison: {1_000 * live:.0f} ms")
        store.close()


if __name__ == "__main__":
    main()
