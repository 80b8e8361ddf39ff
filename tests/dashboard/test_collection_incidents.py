"""The incidents that a file's posts reach: each collection is one."""

import pytest

from dashboard.commands.incidents import CollectionIncidents
from dashboard.words import incidents as incidents_words
from models.config import IncidentSettings
from tests.builders import a_post


@pytest.fixture
def incidents(store):
    return CollectionIncidents(store, store.engine.clock, IncidentSettings(), "exercise")


def test_each_collection_is_an_incident_of_its_own(incidents):
    posts = [a_post(collection="EXERCISE flood"), a_post(collection="fire"), a_post(collection="fire")]
    arrived = incidents.match(posts).kept
    assert [one.name for one in incidents.incidents.values()] == ["EXERCISE flood", "fire"]
    assert [one.exercise for one in incidents.incidents.values()] == [True, False]
    assert arrived[1].matched.keys() == arrived[2].matched.keys() != arrived[0].matched.keys()


def test_an_incident_from_a_file_says_where_its_posts_come_from(incidents, store):
    incidents.match([a_post(collection="EXERCISE flood")])
    (incident,) = store.incidents.all()
    assert incidents_words.watch_line(incident) == "Watches: posts from the source exercise"
