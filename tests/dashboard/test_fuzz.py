"""Hostile requests to every door for some seconds; `tests/benchmarks/fuzz.py` does it for half an hour."""

from random import Random

from tests.benchmarks import fuzz

DRAWS = 60


def test_no_hostile_request_is_answered_500_or_with_a_traceback_or_logs_an_unforeseen_error():
    report = fuzz.fuzz(0, DRAWS, chance=Random(1))
    assert report.faults == {}
    # The doors were not only knocked at.
    for target in ("callbacks", "callbacks out of order", "addresses", "pages at an address", "webhook"):
        assert report.answers[target, 200] > 0
    assert {"commands", "forms and files"} <= {target for target, _ in report.answers}


def test_a_page_that_cannot_stand_an_address_is_found(monkeypatch):
    def breaks(value):
        if isinstance(value, str) and "%00" in value:
            raise ValueError(value)
        return value if isinstance(value, str) else ""

    monkeypatch.setattr("dashboard.routing.words", breaks)
    report = fuzz.fuzz(0, 4 * DRAWS, only="pages at an address", chance=Random(1))
    assert "a screen could not be drawn: ValueError" in report.faults["pages at an address"]
