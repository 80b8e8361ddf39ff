"""What every kind of source must do, end to end: from its platform through the real worker into a real store.

The platforms are in stages.py; another kind of source joins by one stage there. A contract is played on the stages
whose platform has what it is about.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from ingest.source import Rechecking
from ingest.sources import SOURCES
from models.domain.sources import HealthKind, SourcePhase
from models.errors import GrapevineError
from tests.builders import NOON
from tests.contracts.house import House, Stage
from tests.contracts.stages import STAGES, refused
from tests.ingest.live import HandClock
from tests.waiting import until

HOUR = 3_600


def on_stages_that(*have: str):
    """Plays a contract on every stage that has these."""
    fit = [kind for kind in STAGES if all(getattr(kind, name, None) is not None for name in have)]
    assert fit, f"no stage has {have}"
    return pytest.mark.parametrize("stage", fit, indirect=True, ids=lambda kind: kind.kind)


@pytest.fixture
def stage(request, tmp_path, monkeypatch) -> Iterator[Stage]:
    with request.param(HandClock(NOON), tmp_path, monkeypatch).open() as opened:
        yield opened


@pytest.fixture
def house(stage, tmp_path) -> Iterator[House]:
    opened = House(stage, tmp_path / "store")
    opened.start()
    yield opened
    opened.end()
    opened.store.close()


def posts(stage: Stage, *numbers: int) -> list[str]:
    texts = [f"the dam, {number}" for number in numbers]
    for text in texts:
        stage.post(text)
    return texts


@on_stages_that("post")
def test_it_brings_every_post_once_and_in_order(house, stage):
    expected = posts(stage, 1, 2, 3)
    house.bring()
    expected += posts(stage, *range(4, 15))
    house.bring()
    assert house.texts() == expected
    assert len(house.rows("posts")) == len(expected)


@on_stages_that("post")
def test_a_post_has_the_id_that_its_platform_gave_it(house, stage):
    ids = [stage.post("the dam"), stage.post("the dam as well")]
    house.bring()
    assert house.rows("posts", "id") == [(one,) for one in ids]


@on_stages_that("post")
def test_after_a_restart_nothing_is_lost_and_nothing_stands_twice(house, stage):
    expected = posts(stage, 1, 2)
    house.bring()
    house.end()
    expected += posts(stage, *range(3, 9))
    house.start()
    expected += posts(stage, 9)
    house.bring()
    assert house.texts() == expected
    assert len(house.rows("posts")) == len(expected)


@on_stages_that("post")
def test_what_could_not_be_saved_is_brought_after_a_restart(house, stage):
    expected = posts(stage, 1)
    house.bring()
    house.worker.breaks = True
    expected += posts(stage, *range(2, 9))
    house.offer()
    until(lambda: house.worker.broke, "a batch that is not saved")
    house.restart()
    expected += posts(stage, 9)
    house.bring()
    assert house.texts() == expected


@on_stages_that("beginning")
def test_going_on_from_any_committed_cursor_brings_the_rest(house, stage, tmp_path):
    expected = posts(stage, 1, 2, 3)
    house.bring()
    expected += posts(stage, *range(4, 12))
    house.bring()
    # The latest is committed nowhere yet, so that each of them has a rest.
    expected += posts(stage, 12)
    places: dict[str, int] = {}
    for cursor, count, _ in house.worker.seen:
        # A batch without one may be read again, and is.
        if cursor:
            places.setdefault(cursor, count)
    house.end()
    for number, (cursor, count) in enumerate(places.items()):
        other = House(stage, tmp_path / f"store-{number}")
        other.wind(cursor)
        other.start()
        other.bring()
        other.end()
        assert (cursor, other.texts()) == (cursor, expected[count:])
        other.store.close()
    assert places


@on_stages_that("edit")
def test_an_edit_changes_the_words_and_the_former_ones_are_kept(house, stage):
    edited = stage.post("the dam has burst")
    stage.post("the dam, another")
    house.bring()
    house.pass_time(60)
    stage.edit(edited, "nothing happened")
    house.bring()
    assert house.texts() == ["nothing happened", "the dam, another"]
    assert house.rows("post_versions", "text") == [("the dam has burst",)]


@on_stages_that("edit")
def test_an_edit_that_is_read_again_changes_nothing_more(house, stage):
    edited = stage.post("the dam has burst")
    house.bring()
    house.pass_time(60)
    stage.edit(edited, "the dam holds")
    house.bring()
    again(house, stage)
    assert house.texts() == ["the dam holds"]
    assert house.rows("post_versions", "text") == [("the dam has burst",)]


@on_stages_that("delete")
def test_a_delete_erases_the_words_wherever_they_are_kept_and_leaves_a_tombstone(house, stage):
    deleted = stage.post("the dam has burst")
    stage.post("the dam, another")
    house.bring()
    house.pass_time(60)
    stage.edit(deleted, "the dam has cracked")
    house.bring()
    assert "the dam has burst" in house.everything()
    house.pass_time(60)
    stage.delete(deleted)
    house.bring()
    assert house.texts() == ["the dam, another"]
    assert "has burst" not in house.everything()
    assert "has cracked" not in house.everything()
    assert house.rows("tombstones", "post, posts") == [(deleted, 1)]


@on_stages_that("delete")
def test_what_was_deleted_does_not_come_back_when_all_is_read_again(house, stage):
    deleted = stage.post("the dam has burst")
    stage.post("the dam, another")
    house.bring()
    house.pass_time(60)
    stage.delete(deleted)
    house.bring()
    again(house, stage)
    assert house.texts() == ["the dam, another"]
    assert "has burst" not in house.everything()


@on_stages_that("remove_account")
def test_a_removed_account_takes_all_its_posts_and_nobody_else_s(house, stage):
    stage.post("the dam has burst", author="ann")
    stage.post("the dam, another", author="bob")
    stage.post("the dam has burst again", author="ann")
    house.bring()
    house.pass_time(60)
    stage.remove_account("ann")
    house.bring()
    assert house.texts() == ["the dam, another"]
    assert "has burst" not in house.everything()
    again(house, stage)
    assert house.texts() == ["the dam, another"]
    assert house.store.posts.erased(house.incident.id) == 2


def again(house, stage):
    """Reads everything from the beginning, as after a cursor that was lost; and one post that ends it."""
    house.pass_time(60)
    stage.tell_again()
    house.read_again_from(getattr(stage, "beginning", None))
    stage.post("of something else")
    house.bring()


@on_stages_that("nonsense")
def test_nonsense_becomes_a_dead_letter_once_and_the_posts_after_it_arrive(house, stage):
    expected = posts(stage, 1)
    stage.nonsense()
    expected += posts(stage, 2)
    house.bring()
    assert house.texts() == expected
    (letter,) = house.store.sources.dead_letters(house.name, 10)
    assert letter.payload
    assert letter.reason
    assert len(letter.reason) < 60
    assert "\n" not in letter.reason
    state = house.worker.state
    assert (state.dead, state.healthy, state.fault) == (1, True, None)
    again(house, stage)
    assert house.store.sources.dead_letters_by_reason() == {letter.reason: 1}


@on_stages_that("go_away")
def test_a_server_that_does_not_answer_is_a_fault_in_one_line_and_reading_goes_on_when_it_is_back(house, stage):
    expected = posts(stage, 1)
    house.bring()
    house.until_it_fails(stage.go_away)
    state = house.worker.state
    assert (state.phase, state.healthy, state.running) == (SourcePhase.FAILING, False, True)
    assert state.fault
    assert "\n" not in state.fault
    assert house.happened() == [HealthKind.ERROR]
    stage.come_back()
    expected += posts(stage, 2)
    house.pass_time(120)
    house.bring()
    state = house.worker.state
    assert house.texts() == expected
    assert state.phase in {SourcePhase.LIVE, SourcePhase.CATCHING_UP}
    assert (state.healthy, state.running, state.fault) == (True, True, None)


@on_stages_that("ask_for_patience")
def test_a_server_that_asks_for_patience_is_left_alone_that_long(house, stage):
    expected = posts(stage, 1)
    house.bring()
    house.until_it_fails(lambda: stage.ask_for_patience(600))
    stage.come_back()
    expected += posts(stage, 2)
    asked = stage.asked
    house.pass_time(590)
    house.offer()
    assert stage.asked == asked
    house.pass_time(20)
    house.bring()
    assert stage.asked > asked
    assert house.texts() == expected


@on_stages_that("post")
def test_its_state_tells_what_it_read_and_kept_and_when(house, stage):
    stage.post("the dam")
    house.pass_time(60)
    stage.post("of something else")
    house.pass_time(60)
    stage.post("the dam again")
    stage.nonsense()
    newest = house.clock.now()
    house.pass_time(60)
    house.bring()
    brought = house.clock.now()
    house.pass_time(600)
    state = house.worker.state
    assert (state.name, state.read, state.kept, state.dead) == (house.name, 4, 2, 1)
    assert (state.last_post_at, state.last_item_at) == (newest, brought)
    assert (sum(state.per_minute), state.per_minute[-11]) == (4, 4)
    assert (state.healthy, state.errors, state.fault) == (True, 0, None)


@on_stages_that("go_away")
def test_a_long_absence_of_its_server_is_a_gap_until_it_has_caught_up(house, stage):
    expected = posts(stage, 1)
    house.bring()
    house.until_it_fails(stage.go_away)
    assert house.store.sources.gaps() == []
    expected += posts(stage, *range(2, 9))
    house.until_it_fails(lambda: house.pass_time(HOUR))
    (gap,) = house.store.sources.gaps()
    assert (gap.source, gap.since, gap.until) == (house.name, NOON, None)
    house.worker.seen.clear()
    stage.come_back()
    expected += posts(stage, 9)
    house.pass_time(120)
    expected += posts(stage, 10)
    house.bring()
    assert house.texts() == expected
    assert (house.store.sources.gaps(), house.happened()[-1]) == ([], HealthKind.GAP_FILLED)
    there_when_filled = next(count for _, count, open_gap in house.worker.seen if not open_gap)
    assert there_when_filled == len(expected)


@on_stages_that("go_away")
def test_a_long_time_in_which_grapevine_did_not_run_is_a_gap_until_it_has_caught_up(house, stage):
    expected = posts(stage, 1)
    house.bring()
    house.end()
    house.pass_time(HOUR)
    expected += posts(stage, *range(2, 9))
    house.pass_time(HOUR)
    expected += posts(stage, 9)
    house.start()
    house.bring()
    assert house.texts() == expected
    assert house.happened() == [HealthKind.GAP_OPENED, HealthKind.GAP_FILLED]
    opened = house.store.sources.health(house.name, 10)[-1]
    assert timedelta(0) <= opened.began_at - NOON < timedelta(seconds=1)
    assert house.store.sources.gaps() == []


@on_stages_that("rechecks")
def test_a_delete_that_its_platform_does_not_tell_is_found_by_asking_after_the_posts(house, stage):
    deleted = stage.post("the dam has burst")
    stage.post("the dam, another")
    house.bring()
    stage.delete(deleted)
    house.offer()
    assert house.texts() == ["the dam has burst", "the dam, another"]
    stage.recheck(house.worker)
    assert house.texts() == ["the dam, another"]


@on_stages_that("rechecks")
def test_a_server_that_does_not_answer_or_in_other_words_has_deleted_none_of_its_posts(house, stage):
    expected = posts(stage, 1, 2)
    house.bring()
    for trouble in (stage.go_away, stage.go_astray):
        trouble()
        stage.recheck(house.worker)
        assert house.texts() == expected


@on_stages_that("post")
def test_only_a_source_that_is_asked_after_its_posts_offers_to_be(house, stage):
    assert isinstance(house.worker.source, Rechecking) == getattr(stage, "rechecks", False)


@on_stages_that("secret")
def test_no_word_of_an_error_a_state_or_a_row_holds_its_secret(house, stage, caplog):
    caplog.set_level(logging.WARNING)
    words = []

    def listen():
        with suppress(GrapevineError):
            words.append(house.worker.source.test())
        words.append(repr(house.worker.state))

    posts(stage, 1)
    stage.nonsense()
    house.bring()
    listen()
    for trouble in ("go_away", "ask_for_patience", "lock_out"):
        if hasattr(stage, trouble):
            getattr(stage, trouble)(*([600] if trouble == "ask_for_patience" else []))
            words.append(told_of(house))
            listen()
            getattr(stage, "come_back", lambda: None)()
            house.pass_time(HOUR)
    words += [house.everything(), caplog.text]
    assert any("is missing or wrong" in one or "stopped" in one for one in words)
    assert stage.secret not in "\n".join(words)


def told_of(house) -> str:
    """What a reading in trouble says."""
    posts(house.stage, 3)
    answers = refused(house.offer)
    try:
        house.worker.source.test()
    except GrapevineError as error:
        answers += str(error)
    return f"{answers} {house.worker.state!r}"


def test_every_kind_of_source_that_config_knows_has_a_stage():
    assert {kind.kind for kind in STAGES} == set(SOURCES)
