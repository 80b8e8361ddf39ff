"""`grapevine evaluate`: folds, what is kept of them, and that the judge never sees a label."""

import gzip
import json
import sys
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.commands import app, judging
from dashboard.commands.judging import judge_labelled
from ingest.exercise import simulation
from ingest.exercise.simulation import exercise
from models.config import Settings
from models.errors import InputError
from models.evaluation import results
from models.evaluation.gold import read_gold
from models.evaluation.outcome import Outcome
from models.judgement.cluster import ClusterSettings
from models.judgement.cpu import Precision
from models.judgement.likelihood import LikelihoodModel
from models.judgement.pipeline import Learnt
from models.store.messages import FinalRow
from models.training.folds import Fold
from models.training.labelled import records as labelled_records
from models.training.rehearsal import UNREAD
from models.weights import sealed
from tests.builders import WordsEncoder

CLAIMS = {
    "flood": ("the dam above Northgate has burst", "wolves escaped from Kelham zoo", "lovely evening for a walk"),
    "fire": ("the refinery at Saltby is about to explode", "army trucks seen on Mill Lane", "train home was late"),
}
WORDS = ("hearing", "apparently", "omg", "friends say", "anyone know", "police say")


LEARNT = Learnt(ClusterSettings(), LikelihoodModel(0.0, {"people": 2.0}, {"people": 1.0}, {"people": 1.0}, UNREAD))


class QuickEncoder(WordsEncoder):
    """Stands in for the child process that reads texts; takes every remark for a comment."""

    def __init__(self, weights: Path | None = None, precision: Precision | None = None):
        self.weights = weights

    def stances(self, remarks) -> np.ndarray:
        return np.tile([0.1, 0.1, 0.1, 0.7], (len(remarks), 1))

    def warm_up(self) -> Future:
        ready: Future = Future()
        ready.set_result(None)
        return ready

    def close(self) -> None:
        pass


def records() -> list[dict]:
    """Two events of two stories and some calm, a reply under each post; only every second reply has an author."""
    made = []
    for event, claims in CLAIMS.items():
        for minute, (word, story) in enumerate((word, place) for word in WORDS for place in range(len(claims))):
            name = f"{event}-{minute}"
            common = {"collection": event, "created_at": f"2026-11-20T12:{minute:02}:00Z"}
            told = claims[story] if story < 2 else None
            gold = {"is_source": True, "is_rumour": told is not None, "story": told, "stance": "support"}
            made.append({"id": name, "author": name, "text": f"{word} {claims[story]}", **common, "gold": gold})
            made.append(
                {
                    "id": f"{name}-r",
                    "text": "is that so? no, it is not true",
                    "reply_to": name,
                    "root": name,
                    **common,
                    "gold": {"is_source": False, "stance": "deny"},
                }
            )
    return made


def write(path: Path, lines: list[dict]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def labelled(tmp_path) -> Path:
    return write(tmp_path / "labelled.jsonl", records())


@pytest.fixture
def packaged(tmp_path) -> Path:
    """A weights folder for what ships."""
    folder = tmp_path / "packaged"
    folder.mkdir()
    return folder


@pytest.fixture
def trained(monkeypatch, packaged, tmp_path) -> list[tuple[str, int]]:
    """Replaces encoder, packaged weights and training by quick ones; tells which folds were trained."""
    asked: list[tuple[str, int]] = []

    def train_fold(fold, out, seed, progress):
        progress(1, 1)
        asked.append((*fold.left_out, seed))
        return out

    folds = ModuleType("models.training.folds")
    folds.train_fold, folds.Fold = train_fold, Fold
    monkeypatch.setitem(sys.modules, "models.training.folds", folds)
    monkeypatch.setattr(judging, "ChildEncoder", QuickEncoder)
    monkeypatch.setattr(judging.Learnt, "load", lambda weights: LEARNT)
    monkeypatch.setattr(sys.modules["dashboard.commands.evaluate"], "PACKAGED", packaged)
    monkeypatch.setenv("GRAPEVINE_DATA_DIR", str(tmp_path / "data"))
    return asked


@pytest.fixture
def evaluated(labelled, tmp_path, trained):
    """Runs the command with results of its own."""

    def run(question: str, *options: str):
        told = CliRunner().invoke(
            app, ["evaluate", question, str(labelled), "--results", str(tmp_path / "kept"), *options]
        )
        if told.exception and not isinstance(told.exception, SystemExit):
            raise told.exception
        return told

    return run


def test_the_judge_decides_the_same_whatever_the_labels_say(labelled, tmp_path, trained):
    lies = records()
    for number, line in enumerate(lies):
        line["gold"] = {"is_source": number % 3 == 0, "is_rumour": True, "story": f"s{number % 2}", "stance": "query"}
    stripped = [{key: value for key, value in line.items() if key != "gold"} for line in records()]
    files = [labelled, write(tmp_path / "lies.jsonl", lies), write(tmp_path / "stripped.jsonl", stripped)]
    decided = [
        [(outcome.event, outcome.rows, outcome.events) for outcome in judged]
        for judged in (judge_labelled(file, None, Settings(), tmp_path, lambda done, posts: None) for file in files)
    ]
    assert repr(decided[0]) == repr(decided[1]) == repr(decided[2])
    assert len(decided[0]) == 2


def test_the_pipeline_is_given_files_without_labels(labelled, trained, monkeypatch, tmp_path):
    given = []
    read = judging.Archive

    def looked_into(files):
        given.extend(file.read_text() for file in files)
        return read(files)

    monkeypatch.setattr(judging, "Archive", looked_into)
    judge_labelled(labelled, "fire", Settings(), tmp_path, lambda done, posts: None)
    assert given
    assert "gold" not in given[0]
    assert "flood" not in given[0]


def test_each_event_is_judged_by_folds_that_were_trained_without_it(evaluated, trained):
    told = evaluated("rumours", "--seeds", "2")
    assert trained == [("flood", 1), ("flood", 2), ("fire", 1), ("fire", 2)]
    assert "Rumours: each event left out, 2 seeds" in told.stdout
    assert "the shipped weights, contaminated by these events" in told.stdout
    assert "nearest neighbour (first-story detection), tf-idf" in told.stdout


def test_what_was_trained_without_an_event_is_what_judges_it(evaluated, tmp_path, monkeypatch):
    asked: list[Path | None] = []

    class Noting(QuickEncoder):
        def __init__(self, weights: Path | None = None, precision: Precision | None = None):
            asked.append(weights)

    monkeypatch.setattr(judging, "ChildEncoder", Noting)
    monkeypatch.setattr(judging.Learnt, "load", lambda weights: asked.append(weights) or LEARNT)
    evaluated("rumours", "--seeds", "1")
    folds = [tmp_path / "data" / "folds" / event for event in ("flood", "fire")]
    by_run = [asked[0], *asked[1::2]], asked[2::2]
    # The untuned one first; then for each run what groups and what reads texts, both of the same folder.
    assert by_run[0] == [None, *folds, tmp_path / "packaged", tmp_path / "packaged"]
    assert by_run[1] == by_run[0][1:]


def test_a_fold_whose_makings_are_unchanged_is_not_trained_again_for_any_question(evaluated, trained):
    evaluated("rumours", "--seeds", "1")
    trained.clear()
    for question in ("likelihood", "naming", "early"):
        assert "each event left out" in evaluated(question, "--seeds", "1").stdout
    assert trained == []


def test_a_fold_of_other_code_is_told_as_stale_and_run_again(evaluated, trained, monkeypatch):
    evaluated("rumours", "--seeds", "1", "--collection", "fire")
    trained.clear()
    monkeypatch.setattr(results, "digest_of_code", lambda **_: "other code")
    told = evaluated("rumours", "--seeds", "1", "--collection", "fire")
    assert "fire-seed1.json: out of date (code changed). Running it again." in told.stderr
    assert trained == [("fire", 1)]


def test_what_is_kept_holds_no_text_and_no_post_id(evaluated, tmp_path):
    evaluated("rumours", "--seeds", "1")
    kept = sorted((tmp_path / "kept").iterdir())
    assert [path.name for path in kept] == [
        "fire-seed1.json",
        "fire-shipped.json",
        "flood-seed1.json",
        "flood-shipped.json",
    ]
    for text in (path.read_text() for path in kept):
        assert not any(word in text for word in ("Northgate", "refinery", "flood-0", "fire-0", str(tmp_path)))


def test_shipped_trains_nothing(evaluated, trained):
    told = evaluated("early", "--shipped")
    assert trained == []
    assert "each event left out" not in told.stdout


def test_weights_of_another_folder_are_kept_apart_from_what_ships(evaluated, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "weights.bin").write_bytes(b"1")
    told = evaluated("rumours", "--shipped", "--weights", str(tmp_path / "mine"), "--collection", "fire")
    assert "Rumours: mine, contaminated by these events" in told.stdout
    assert [path.name.startswith("fire-weights-") for path in (tmp_path / "kept").iterdir()] == [True]


def test_json_is_for_programs(evaluated):
    told = json.loads(evaluated("likelihood", "--seeds", "1", "--json").stdout)
    assert told["question"] == "likelihood"
    (together,) = [row for row in told["tables"][0]["rows"] if row["name"] == "all together"]
    assert together["posts"] == {"mean": 36.0, "sd": None}


def test_stance_is_told_beside_what_costs_nothing(evaluated, packaged):
    home = packaged / "stance"
    home.mkdir(parents=True)
    sealed(home)
    told = json.loads(evaluated("stance", "--json").stdout)
    rows = {row["name"]: row for row in told["tables"][0]["rows"]}
    assert list(rows) == [
        "shipped",
        "always comment",
        "commonest of its place, learnt on the other events",
        "cue words",
    ]
    assert rows["commonest of its place, learnt on the other events"]["deny_recall"]["mean"] == 1.0
    assert [row["name"] for row in told["tables"][1]["rows"]] == ["support", "deny", "query", "comment"]


def test_a_collection_that_is_not_there_is_told_with_those_that_are(evaluated):
    with pytest.raises(InputError, match=r"no collection 'quake'\. It has: fire, flood"):
        evaluated("rumours", "--collection", "quake")


# --- shapes -------------------------------------------------------------------------------------------------------


FILED = {
    "pheme_dev.jsonl.gz": ("charliehebdo", "ferguson", "germanwings-crash", "ottawashooting", "ebola-essien"),
    "pheme_small_dev.jsonl.gz": ("prince-toronto",),
    "rumor_has_it.jsonl.gz": (
        "Sarah Palin getting divorced",
        "Michelle Obama hired too many staff",
        "Air France mid-air crash photos",
    ),
    "written_harrow_lane.jsonl.gz": ("harrow-lane",),
    "written_marlow_street.jsonl.gz": ("marlow-street",),
}


@pytest.fixture
def bench(tmp_path, trained) -> Path:
    """The folder of the bench, with the few posts of `records` for each incident."""
    folder = tmp_path / "bench"
    folder.mkdir()
    for file, events in FILED.items():
        lines = [
            {**line, "id": f"{event}-{line['id']}", "collection": event, "kind": "post"}
            for event in events
            for line in records()[:36:2]
        ]
        packed(folder / file, lines)
    for name in ("harrow_lane", "marlow_street"):
        (folder / f"written_{name}_official.txt").write_text("flood-0\n")
    chatter = {"collection": "2013_Queensland_floods", "gold": {"informativeness": "Not related"}}
    packed(
        folder / "crisislex_t26.jsonl.gz", [{"id": f"c{n}", "text": f"tea number {n}", **chatter} for n in range(9)]
    )
    return folder


def packed(path: Path, lines: list[dict]) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))


@pytest.fixture
def shapes(bench, tmp_path, monkeypatch):
    """Runs `evaluate shapes` with a short exercise and results of its own."""
    played = exercise(seed=1, start=datetime(2025, 11, 20, 15, 30, tzinfo=UTC), hours=0.5)
    monkeypatch.setattr(simulation, "exercise", lambda **_: played)

    def run(*options: str):
        told = CliRunner().invoke(
            app, ["evaluate", "shapes", str(bench), "--results", str(tmp_path / "kept"), *options]
        )
        if told.exception and not isinstance(told.exception, SystemExit):
            raise told.exception
        return told

    return run


def test_no_incident_is_judged_by_weights_that_learnt_from_it(shapes, tmp_path, monkeypatch):
    learnt: dict[Path, set[str]] = {}
    judged: list[tuple[str, Path]] = []

    def train_fold(fold, out, seed, progress):
        home = out / f"seed{seed}"
        home.mkdir(parents=True)
        learnt[home] = {record["id"] for record in labelled_records(fold.data, leave_out=fold.left_out)}
        return home

    def judge_and_note(file, event, settings, weights, told):
        """Takes all posts of an incident for one rumour."""
        judged.append((file.read_text(), weights))
        ((name, posts),) = read_gold(file).items()
        return [Outcome(name, [FinalRow(0, post.id, post.id, "r", "r", "title", 0.5, None) for post in posts], (), 1)]

    monkeypatch.setattr(sys.modules["models.training.folds"], "train_fold", train_fold)
    monkeypatch.setattr(judging, "judge_labelled", judge_and_note)
    told = shapes("--seeds", "1", "--json")
    by_folds = [(text, weights) for text, weights in judged if weights in learnt]
    incidents = {json.loads(text.splitlines()[0])["collection"] for text, _ in by_folds}
    assert {event for events in FILED.values() for event in events} < incidents
    assert {"exercise 1", "exercise 2", "exercise 3", "places", "quiet day"} < incidents
    assert all(learnt.values())
    for text, weights in by_folds:
        assert not {json.loads(line)["id"] for line in text.splitlines()} & learnt[weights]
    titles = [table["title"] for table in json.loads(told.stdout)["tables"]]
    assert "Grouping: each incident left out, 1 seed" in titles
    assert "Stance: baselines" in titles


def test_one_incident_of_the_bench_is_judged_alone_and_its_figures_are_kept(shapes, tmp_path):
    told = shapes("--shipped", "--collection", "marlow-street")
    assert "night of like claims: marlow-street" in told.stdout
    (kept,) = (tmp_path / "kept" / "shapes").iterdir()
    before = kept.read_bytes()
    kept.unlink()
    shapes("--shipped", "--collection", "marlow-street")
    assert kept.read_bytes() == before


def test_what_the_bench_lacks_is_named(shapes, bench):
    with pytest.raises(InputError, match=r"No incident 'quake'\. The bench has: charliehebdo, "):
        shapes("--collection", "quake")
    (bench / "rumor_has_it.jsonl.gz").unlink()
    with pytest.raises(InputError, match=r"rumor_has_it\.jsonl\.gz: cannot be read"):
        shapes("--shipped")
