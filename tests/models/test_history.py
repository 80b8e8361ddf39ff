"""The history of an incident in memory: numbers for names, columns that grow, rows carried on with every commit."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from models.measures.history import NO_TIME, UNKNOWN, microseconds, moment_of
from models.store.duckdb.histories import KEPT, Columns, Histories, Names
from tests.builders import NOON, a_post, an_incident
from tests.contracts.two_rumours import by_model, merge, move, undo, where, with_two_rumours
from tests.dashboard.world import judge

NAMES = st.lists(st.none() | st.text(max_size=3), max_size=8)


def chunked(names):
    return pa.chunked_array([pa.array(names, pa.string())])


@given(st.lists(NAMES, max_size=6))
def test_a_name_has_one_number_however_often_and_in_whatever_batch_it_comes(batches):
    names, number_of = Names(), {}
    for batch in batches:
        for name, number in zip(batch, names.numbers(chunked(batch)).tolist(), strict=True):
            assert number == (UNKNOWN if name is None else number_of.setdefault(name, number))
    assert {name: number for number, name in enumerate(names.so_far.to_pylist())} == number_of


@given(st.lists(st.lists(st.integers(0, 9), max_size=2_000), max_size=4))
def test_what_was_handed_out_stays_as_it_was_while_columns_grow(batches):
    columns, handed_out, so_far = Columns(known_at=np.int64), [], []
    for batch in batches:
        columns.append({"known_at": np.array(batch, np.int64)})
        so_far = [*so_far, *batch]
        handed_out.append((columns.so_far()["known_at"], so_far))
    assert [rows.tolist() for rows, _ in handed_out] == [expected for _, expected in handed_out]


@given(st.datetimes().map(lambda at: at.replace(tzinfo=NOON.tzinfo)))
def test_a_moment_comes_back_from_a_column_as_it_was(at):
    assert moment_of(microseconds(at)) == at
    assert moment_of(NO_TIME) is None


def same(one, other):
    rows = ("posts", "assignments", "stances", "surfaced", "titles", "scores")
    for name in rows:
        mine, theirs = getattr(one, name), getattr(other, name)
        for column in mine.__slots__:
            assert np.array_equal(getattr(mine, column), getattr(theirs, column)), (name, column)
    assert (one.flows, one.rumours, one.judges, one.authors) == (
        other.flows,
        other.rumours,
        other.judges,
        other.authors,
    )


def test_a_history_that_was_carried_on_is_the_one_that_is_read_at_once(store):
    incident = with_two_rumours(store)
    store.views.history(incident)
    judge(store, store.incidents.all()[0], [a_post("more", minute=1), a_post("and more")])
    merge(store, incident)
    same(store.views.history(incident), Histories(store.engine).of(incident))


def test_nothing_is_read_where_nothing_was_committed(store, monkeypatch):
    incident = with_two_rumours(store)
    before = store.views.history(incident)
    monkeypatch.setattr(store.engine, "tables", None)
    assert store.views.history(incident).posts.seq is not None
    same(store.views.history(incident), before)


def test_an_incident_that_was_let_go_of_is_read_again(store):
    incident = with_two_rumours(store)
    before = store.views.history(incident)
    for number in range(KEPT):
        other = store.incidents.open(an_incident(f"other {number}")).result()
        assert len(store.views.history(other.id).posts.seq) == 0
    same(store.views.history(incident), before)


def test_histories_of_two_incidents_are_kept_apart(store):
    incident = with_two_rumours(store)
    other = store.incidents.open(an_incident("other")).result()
    judge(store, other, [a_post("elsewhere", author="x")])
    assert len(store.views.history(other.id).posts.seq) == 1
    assert "elsewhere" not in store.views.history(incident).flows.to_pylist()
    assert store.views.history(incident).at(NOON - timedelta(days=1)).posts.seq.size == 0


def test_no_row_of_the_model_takes_a_flow_away_that_a_person_pinned_until_a_person_lets_go(store):
    incident = with_two_rumours(store)
    moved = move(store, incident, "d1")
    by_model(store, incident, ("d1", "dam"))
    assert where(store, incident)["bridge"] >= {"d1"}
    undo(store, incident, moved)
    by_model(store, incident, ("d1", "bridge"))
    assert where(store, incident)["bridge"] >= {"d1"}
    by_model(store, incident, ("d1", "dam"))
    assert where(store, incident)["dam"] >= {"d1"}
