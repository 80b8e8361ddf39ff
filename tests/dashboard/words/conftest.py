"""A rumour on the board, for the words that are made from one."""

from datetime import timedelta

import pytest

from dashboard.views.board import read_rows
from models.domain.rumours import Stance
from tests.builders import NOON, a_post
from tests.dashboard.world import judge, opened


@pytest.fixture
def row(store):
    incident = opened(store)
    posts = [a_post(author_followers=10), a_post(), a_post(author=None)]
    judge(store, incident, posts, stances=[Stance.SUPPORT, Stance.DENY, None])
    return read_rows(store, incident.id, NOON + timedelta(minutes=5))["dam"]
