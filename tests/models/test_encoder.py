"""The child process that reads texts: ended at once, replaced when it ends by itself, never heard on the terminal."""

import os
import signal
import threading
import time
from contextlib import closing
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from models.errors import EncoderGone, Stopped
from models.judgement import embed
from models.judgement.embed import ChildEncoder
from tests.waiting import returns, until


@pytest.fixture
def encoder(monkeypatch):
    """One whose child loads no models: that takes seconds, and is not the point here."""
    monkeypatch.setattr(embed, "_start_child", _load_nothing)
    monkeypatch.setattr(embed, "_encode", _in_the_child)
    with closing(ChildEncoder()) as opened:
        yield opened


def _load_nothing(*arguments):
    """The child is ready as soon as it runs."""


def _in_the_child(texts):
    match texts:
        case ["for ever", sign]:
            Path(sign).touch()
            time.sleep(3_600)
        case ["end"]:
            os._exit(1)
        case ["blocked signals"]:
            return np.array(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
        case ["who"]:
            return np.array([os.getpid()])
    return np.array(texts)


def the_child(encoder) -> int:
    return int(encoder.encode(["who"])[0])


def test_closing_ends_a_call_that_would_go_on_for_ever_and_leaves_no_process(encoder, tmp_path):
    child, sign, raised = the_child(encoder), tmp_path / "under way", []

    def ask():
        with pytest.raises(Stopped) as stopped:
            encoder.encode(["for ever", str(sign)])
        raised.append(stopped)

    asking = threading.Thread(target=ask)
    asking.start()
    until(sign.exists, "the call to be under way")
    returns(encoder.close)
    asking.join()
    assert raised
    # Gone as a whole: a zombie would still stand in the table.
    assert not Path(f"/proc/{child}").exists()


def test_closing_does_not_wait_for_models_that_are_being_loaded():
    encoder = ChildEncoder()
    ready = encoder.warm_up()
    (child,) = active_children()
    returns(encoder.close)
    assert not Path(f"/proc/{child.pid}").exists()
    with pytest.raises(Exception, match="terminated abruptly"):
        ready.result()


def test_who_asks_a_closed_encoder_is_stopped(encoder):
    encoder.close()
    with pytest.raises(Stopped):
        encoder.encode(["the dam has burst"])


def test_an_encoder_whose_child_ended_has_a_new_one_for_the_next_call(encoder):
    first = the_child(encoder)
    with pytest.raises(EncoderGone):
        encoder.encode(["end"])
    assert the_child(encoder) != first
    assert not Path(f"/proc/{first}").exists()


def test_an_encoder_whose_child_was_killed_between_calls_has_a_new_one(encoder):
    first = the_child(encoder)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(EncoderGone):
        until(lambda: the_child(encoder) != first)
    assert the_child(encoder) != first


def test_the_terminals_ctrl_c_does_not_reach_the_child(encoder):
    assert {signal.SIGINT, signal.SIGTERM} <= set(encoder.encode(["blocked signals"]))
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
