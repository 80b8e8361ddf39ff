"""What people settled at the coding desk teaches the next stance model: written in the form that training reads."""

import json

import pytest

from dashboard.commands.train import Part, _refuse_what_teaches_nothing
from dashboard.http.command_api import labels_asked
from dashboard.views.labels import labelled_posts
from models.domain.incidents import Incident
from models.domain.posts import Kind, Removal
from models.domain.rumours import Stance
from models.evaluation.gold import read_gold
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Arrival
from models.training.stance_examples import STANCES, WRITTEN_EVENT, examples
from tests.builders import NOON, a_clock, a_post
from tests.contracts.a_round import ADJUDICATOR, CODERS, code_all, finish_all, start
from tests.dashboard.test_commands import run_in
from tests.dashboard.world import judge, opened

ONE, TWO, _ = CODERS
CLAIM = "The dam above Northgate has burst"
POSTS = (
    a_post(CLAIM, id="test:claim"),
    a_post("No @jane_doe it is holding, I stood on it", id="test:denies", kind=Kind.REPLY, reply_to="test:claim"),
    a_post("Is that true about the dam?", id="test:asks", minute=1),
    a_post("Stay safe in Northgate everybody", id="test:wishes", minute=2),
    a_post("It is all rubbish about the dam", id="test:open", minute=3),
)


@pytest.fixture
def incident(store):
    return coded(store)


def coded(store) -> Incident:
    """An incident whose round is coded: the denial by an adjudicator, one flow left open, the others by agreement."""
    made = opened(store)
    judge(store, made, POSTS, stances=[Stance.COMMENT] * 5)
    round_id = start(store, made.id, *(post.id for post in POSTS), coders=2, claim="test:claim")
    finish_all(store, made.id, round_id, {ONE: "sdqc-", TWO: "scqcd"})
    store.codings.settle(made.id, round_id, "test:denies", Stance.DENY, ADJUDICATOR).result()
    return made


def by_id(store, incident) -> dict[str, dict]:
    return {one["id"]: one for one in labelled_posts(store, incident)}


def write(store, incident, folder):
    file = folder / "labels.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in labelled_posts(store, incident)))
    return file


def test_a_record_says_what_was_settled_toward_the_claim_that_was_coded(store, incident):
    found = by_id(store, incident)
    assert {name: one["gold"].get("stance") for name, one in found.items()} == {
        "test:claim": "support",
        "test:denies": "deny",
        "test:asks": "query",
        "test:wishes": "comment",
    }
    assert {one["gold"]["story"] for one in found.values()} == {CLAIM}
    assert {one["collection"] for one in found.values()} == {"Northgate flood"}


def test_nobody_is_named_and_what_is_unknown_is_left_out(store, incident):
    found = by_id(store, incident)["test:denies"]
    assert found["text"] == "No @user it is holding, I stood on it"
    assert "author" not in found
    assert "lang" not in found


def test_a_link_in_a_label_ends_with_its_host(store):
    made = opened(store)
    said = "Not so: https://jo:pw@x.com/jo/status/1 twitter.com/jo/status/2 jo.bsky.social did:plc:ab12"
    judge(store, made, [POSTS[0], a_post(said, id="test:links")])
    round_id = start(store, made.id, "test:links", coders=2, claim="test:claim")
    finish_all(store, made.id, round_id, {ONE: "d", TWO: "d"})
    assert by_id(store, made)["test:links"]["text"] == "Not so: https://x.com twitter.com/ @user @user"


def test_the_next_training_run_takes_the_labels_in(store, incident, tmp_path):
    file = write(store, incident, tmp_path)
    _refuse_what_teaches_nothing(Part.STANCE, [file], [])
    taught = {one.text: one for one in examples([file], leave_out=[WRITTEN_EVENT])}
    assert {text: STANCES[one.label] for text, one in taught.items()} == {
        CLAIM: Stance.SUPPORT,
        "No @user it is holding, I stood on it": Stance.DENY,
        "Is that true about the dam?": Stance.QUERY,
        "Stay safe in Northgate everybody": Stance.COMMENT,
    }
    denial = taught["No @user it is holding, I stood on it"]
    assert (denial.parent, denial.claims[0], denial.told, denial.event) == (CLAIM, CLAIM, True, "Northgate flood")


def test_evaluation_reads_the_labels_too(store, incident, tmp_path):
    (posts,) = read_gold(write(store, incident, tmp_path)).values()
    assert {(post.stance, post.story) for post in posts if post.id == "test:denies"} == {("deny", CLAIM)}


def test_what_a_labelled_post_answers_comes_along_without_a_label(store):
    made = opened(store)
    judge(store, made, POSTS[:2])
    round_id = start(store, made.id, "test:denies", coders=2, claim="test:claim")
    finish_all(store, made.id, round_id, {ONE: "d", TWO: "d"})
    first, _ = labelled_posts(store, made)
    assert first == {"id": "test:claim", "collection": "Northgate flood", "text": CLAIM, "gold": {}}


def test_the_latest_round_of_a_flow_counts_and_one_that_goes_on_does_not(store, incident):
    again = start(store, incident.id, "test:claim", coders=2, claim="test:claim")
    finish_all(store, incident.id, again, {ONE: "d", TWO: "d"})
    assert by_id(store, incident)["test:claim"]["gold"]["stance"] == "deny"
    going_on = start(store, incident.id, "test:claim", coders=2, claim="test:claim")
    code_all(store, incident.id, going_on, {ONE: "q", TWO: "q"})
    assert by_id(store, incident)["test:claim"]["gold"]["stance"] == "deny"


def test_removed_words_teach_nothing(store, incident):
    store.posts.add(Arrival(removals=[Removal("test", "deleted", NOON, post="test:denies")])).result()
    assert "test:denies" not in by_id(store, incident)


@pytest.mark.parametrize(
    ("role", "status"), [("analyst", 200), ("administrator", 200), ("duty", 422), ("comms", 422)]
)
def test_who_may_take_the_labels(store, incident, role, status):
    asked = {"existing": incident.id, "officer": {"name": "A. Nalyst", "role": role}, "reason": "training"}
    assert labels_asked(store, store.engine.clock, asked)[0] == status
    recorded = [(one.what, one.officer.name, one.reason) for one in store.consultations.of(incident.id)]
    assert recorded == [("labels of the coding desk", "A. Nalyst", "training")] * (status == 200)


@pytest.mark.parametrize("asked", [None, {}, {"existing": 7, "officer": {"name": "A", "role": "analyst"}}])
def test_a_question_that_names_no_incident_is_refused(store, asked):
    assert labels_asked(store, store.engine.clock, asked)[0] == 422


def test_the_command_writes_the_file_for_its_owner_only(tmp_path):
    store = DuckDBStore(tmp_path / "data", a_clock())
    coded(store)
    store.close()
    ran = run_in(tmp_path, "labels", "Northgate flood", "--out", "labels.jsonl")
    assert ran.returncode == 0, ran.stderr
    assert "4 labelled posts" in ran.stderr
    out = tmp_path / "labels.jsonl"
    assert len(out.read_text().splitlines()) == 4
    assert out.stat().st_mode & 0o077 == 0
    nowhere = run_in(tmp_path, "labels", "Southgate fire", "--out", "labels.jsonl")
    assert (nowhere.returncode, "No incident is called" in nowhere.stderr) == (2, True)
