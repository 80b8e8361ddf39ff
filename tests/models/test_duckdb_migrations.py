"""A database that an older Grapevine wrote is opened by this one, and says what it cannot know."""

from importlib.resources import files

import duckdb
import pytest

from models.domain.rumours import Stance
from models.store.duckdb.engine import DATABASE
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock

BEFORE_DIGESTS = ("0001_spine.sql", "0002_judged_posts.sql", "0003_live_sources.sql", "0004_judgement.sql")
ROWS = """
insert into posts by name select 1 as seq, 1 as id_key, 'test:1' as id, 'test' as source, 'post' as kind,
    '2026-11-20 12:00'::timestamp as arrived_at, false as official, 'the dam has burst' as text,
    []::varchar[] as flags, '2026-11-20 12:00'::timestamp as known_at;
insert into flow_posts by name select 'i' as incident, 'f' as flow, 1 as seq, 'test:1' as post, 'test:1' as thread,
    1 as place, '2026-11-20 12:00'::timestamp as known_at;
insert into flow_assignments by name select 'i' as incident, 'f' as flow, 'r' as rumour, 'model' as assigned_by,
    '2026-11-20 12:00'::timestamp as known_at;
insert into embeddings values ('i', 'f', 'all-MiniLM-L6-v2', repeat('ab', 384)::blob, '2026-11-20 12:00');
insert into stances values ('i', 'f', 'r', 'deny', 0.1, 0.7, 0.1, 0.1, 'model', '2026-11-20 12:00');
insert into rumour_events by name select 'i' as incident, 'r' as rumour, 'score' as kind, 0.7 as likelihood,
    '{}' as detail, '2026-11-20 12:00'::timestamp as known_at;
"""


@pytest.fixture
def before_digests(tmp_path):
    """The folder of a database from before vectors, stances and scores carried a digest."""
    schema = files("models.store") / "schema" / "duckdb"
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("create table migrations (name varchar not null, applied_at timestamp not null)")
        for name in BEFORE_DIGESTS:
            connection.execute((schema / name).read_text(encoding="utf-8"))
            connection.execute("insert into migrations values ($1, '2026-11-20')", [name])
        connection.execute(ROWS)
    return tmp_path


def test_what_was_judged_before_digests_were_kept_is_of_no_known_weights(before_digests):
    store = DuckDBStore(before_digests, a_clock())
    try:
        (judged,) = store.judgement.posts("i", "all-MiniLM-L6-v2")
        assert judged.vector is None
        assert (judged.stance.label, judged.stance.weights) == (Stance.DENY, None)
        assert [(event.likelihood, event.weights) for event in store.judgement.events("i")] == [(0.7, None)]
        assert store.judgement.flows_to_read_anew("i", "this", 10).words == {"f": "the dam has burst"}
    finally:
        store.close()
