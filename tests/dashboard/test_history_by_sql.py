"""What screens show at a moment is what plain SQL counts, over every stored row anew.

The statements beside this file know nothing of the columns in memory: two ways, one answer.
"""

import contextlib
import shutil
import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashboard.views.also_said import read_also_said
from dashboard.views.board import STEPS, claim_of, read_rows
from dashboard.views.rumour import page_of
from dashboard.words.masking import masked
from models.domain.posts import Kind
from models.domain.rumours import Stance
from models.errors import Refused
from models.judgement.surfacing import LEAST_PEOPLE
from models.people.acts import MODEL
from models.store.duckdb.rows import aware, utc_naive
from tests.dashboard.stream import RUMOURS, Choice, World
from tests.dashboard.test_as_known_then import CHOICES
from tests.dashboard.test_as_known_then import STEPS as STEPS_OF_STREAMS

BY_SQL = Path(__file__).parent / "by_sql"
PLAIN = (
    *("posts", "official_posts", "undated", "flows", "people", "posts_without_author", "reach", "reach_unknown"),
    *("first_at", "last_at", "first_query_at", "first_denial_at", "surfaced_at", "likelihood"),
    *("corrections", "first_correction_at", "decisions"),
)


def rows_by_sql(store, name, **given):
    text = (BY_SQL / f"{name}.sql").read_text(encoding="utf-8")
    with store.engine.connection.cursor() as cursor:
        cursor.execute(text, {key: utc_naive(value) for key, value in given.items() if f"${key}" in text})
        columns = [one[0] for one in cursor.description]
        return [dict(zip(columns, map(aware, row), strict=True)) for row in cursor.fetchall()]


def board_by_sql(store, incident, moment):
    recent = defaultdict(lambda: [0] * STEPS)
    given = {"incident": incident, "as_of": moment, "rumour": None, "now": moment}
    for row in rows_by_sql(store, "board_buckets", **given):
        recent[row["rumour"]][STEPS - 1 - min(row["age"], STEPS - 1)] += row["posts"]
    return {
        row["rumour"]: {
            **{name: row[name] for name in PLAIN},
            "stances": {**{stance: row[stance.value] for stance in Stance}, None: row["uncoded"]},
            "recent": tuple(recent[row["rumour"]]),
            "claim": claim_of(row["title_text"], states_claim=row["states_claim"]),
            "state": row["state"],
            "owner": row["owner"],
            "verdict": row["verdict"],
        }
        for row in rows_by_sql(store, "board", **given)
    }


def board_on_screen(rows):
    return {
        name: {
            **{field: getattr(row, field) for field in (*PLAIN, "stances", "recent", "claim")},
            "state": row.state.value,
            "owner": row.owner and row.owner.name,
            "verdict": row.verdict and row.verdict.value,
        }
        for name, row in rows.items()
    }


def also_by_sql(store, incident, moment):
    given = {"incident": incident, "as_of": moment, "now": moment, "least_people": LEAST_PEOPLE}
    return [
        (
            row["rumour"],
            claim_of(row["title_text"], states_claim=row["states_claim"]),
            *(row[name] for name in ("people", "posts", "recent", "last_at", "likelihood")),
        )
        for row in rows_by_sql(store, "also_being_said", **given)
    ]


def also_on_screen(groups):
    return [(one.id, one.claim, one.people, one.posts, one.recent, one.last_at, one.likelihood) for one in groups]


def minutes_by_sql(store, **given):
    minutes = defaultdict(dict)
    for row in rows_by_sql(store, "rumour_minutes", **given):
        minutes[row["minute"]][row["stance"] and Stance(row["stance"])] = row["posts"]
    return dict(minutes)


def flows_by_sql(store, **given):
    return {
        row["flow"]: (
            masked(row["text"]),
            Kind(row["kind"]),
            row["stance"] and Stance(row["stance"]),
            None if row["stance_by"] == MODEL else row["stance_by"],
            *(row[name] for name in ("official", "edited", "posts", "people", "first_at", "last_at")),
        )
        for row in rows_by_sql(store, "rumour_flows", limit=1_000, **given)
    }


def flows_on_screen(page):
    return {
        one.id: (
            *(one.text, one.kind, one.stance, one.coded_by),
            *(one.official, one.edited, one.posts, one.people, one.first_at, one.last_at),
        )
        for one in page.flows
    }


@settings(max_examples=5, phases=[Phase.explicit, Phase.generate])
@given(steps=st.lists(st.tuples(STEPS_OF_STREAMS, CHOICES), min_size=20, max_size=60), drawn=st.randoms())
def test_any_moment_of_any_stream_adds_up_as_plain_sql_does(empty_database, steps, drawn):
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(shutil.copytree(empty_database, Path(folder) / "store")))
        store, incident, moments = world.store, world.incident.id, []
        try:
            for number, rumour in enumerate(RUMOURS, start=1):
                world.comes(Choice(rumour, rumour, number, None, 0.9, 1))
            for name, choice in steps:
                world.clock.advance_to(world.clock.now() + timedelta(seconds=choice.seconds))
                with contextlib.suppress(Refused):
                    getattr(world, name)(choice)
                moments.append(store.last_known_at())
                # Read as it grows: what is carried on is compared, not what is read at once.
                store.views.history(incident)
            for moment in drawn.sample(moments, 3):
                rows = read_rows(store, incident, moment, as_of=moment)
                assert board_on_screen(rows) == board_by_sql(store, incident, moment)
                groups = read_also_said(store, incident, moment, as_of=moment)
                assert also_on_screen(groups) == also_by_sql(store, incident, moment)
                for name, row in rows.items():
                    page = page_of(store, incident, row, moment, as_of=moment)
                    asked = {"incident": incident, "rumour": name, "as_of": moment}
                    assert {one.at: one.posts for one in page.minutes} == minutes_by_sql(store, **asked)
                    assert flows_on_screen(page) == flows_by_sql(store, **asked)
        finally:
            store.close()
