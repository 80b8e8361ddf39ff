"""What a browser sends is read as what it should be, or as nothing."""

import pytest

from dashboard.browser_input import number
from tests.dashboard.world import an_app, call, opened


@pytest.mark.parametrize(
    ("sent", "read"), [(3, 3), (0, 0), (-2, -2), (None, 0), (True, 0), (1.5, 0), (" ", 0), ([None], 0), ({}, 0)]
)
def test_a_whole_number_is_read_and_all_else_is_none(sent, read):
    assert number(sent) == read


@pytest.mark.parametrize("page", ["compare", "story"])
@pytest.mark.parametrize("tick", [None, " ", [None], {"a": 1}])
def test_a_page_is_polled_whatever_the_browser_calls_its_tick(store, page, tick):
    context = {"incident": opened(store).id, "as_of": None}
    asked = [(f"{page}-tick.n_intervals", tick)]
    answer = call(an_app(store), f"{page}-token.data", asked, [(f"{page}-context.data", context)], asked[0][0])
    assert f"{page}-token" in answer
