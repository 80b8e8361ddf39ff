"""`grapevine evaluate`: folds, what is kept of them, and that the judge never sees a label."""

import json
import sys
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.commands import app, judging
from dashboard.commands.judging import judge_labelled
from models.config import Settings
from models.domain import stable_id
from models.errors import InputError
from models.evaluation import results
from models.judgement.cluster import ClusterSettings
from models.judgement.cpu import Precision
from models.judgement.likelihood import LikelihoodModel
from models.judgement.pipeline import Learnt
from models.judgement.stance import FORM_FILE
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

    def train_fold(event, data, out, seed, progress):
        progress(1, 1)
        asked.append((event, seed))
        return out

    folds = ModuleType("models.training.folds")
    folds.train_fold = train_fold
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


def test_what_was_trained_without_an_event_is_what_judges_it(evaluated, labelled, tmp_path, monkeypatch):
    asked: list[Path | None] = []

    class Noting(QuickEncoder):
        def __init__(self, weights: Path | None = None, precision: Precision | None = None):
            asked.append(weights)

    monkeypatch.setattr(judging, "ChildEncoder", Noting)
    monkeypatch.setattr(results, "digest_of_code", lambda **_: "this code")
    monkeypatch.setattr(judging.Learnt, "load", lambda weights: asked.append(weights) or LEARNT)
    evaluated("rumours", "--seeds", "1")
    made_by = stable_id(results.digest_of_files([labelled]), "this code")[:8]
    folds = [tmp_path / "data" / "folds" / f"{event}-{made_by}" for event in ("flood", "fire")]
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


def a_stance_part(weights: Path, seeds: int) -> None:
    home = weights / "stance"
    home.mkdir(parents=True)
    (home / FORM_FILE).write_text(json.dumps({"members": list(range(seeds)), "offsets": {"deny": 0.4}}))
    sealed(home)


def test_stance_is_told_with_its_seeds_alone_and_what_costs_nothing(evaluated, packaged):
    a_stance_part(packaged, 3)
    told = json.loads(evaluated("stance", "--json").stdout)
    rows = {row["name"]: row for row in told["tables"][0]["rows"]}
    assert list(rows) == [
        "shipped",
        "each of its 3 seeds alone",
        "always comment",
        "commonest of its place, learnt on the other events",
        "cue words",
    ]
    assert rows["commonest of its place, learnt on the other events"]["deny_recall"]["mean"] == 1.0
    assert [row["name"] for row in told["tables"][1]["rows"]] == ["support", "deny", "query", "comment"]


def test_the_figure_of_the_seeds_alone_is_their_mean_with_its_spread(evaluated, packaged, monkeypatch):
    a_stance_part(packaged, 2)

    class OneDenier(QuickEncoder):
        """Its seeds disagree: that at place 1 takes every remark for a denial."""

        def stances(self, remarks) -> np.ndarray:
            form = json.loads((self.weights / "stance" / FORM_FILE).read_text())
            assert form["offsets"] == {"deny": 0.4}
            return np.tile([0, 1.0, 0, 0] if form["members"] == [1] else [0, 0, 0, 1.0], (len(remarks), 1))

    monkeypatch.setattr(judging, "ChildEncoder", OneDenier)
    rows = {row["name"]: row for row in json.loads(evaluated("stance", "--json").stdout)["tables"][0]["rows"]}
    assert rows["shipped"]["deny_recall"] == {"mean": 0.0, "sd": None}
    alone = rows["each of its 2 seeds alone"]["deny_recall"]
    assert alone == {"mean": 0.5, "sd": pytest.approx(0.5**0.5)}


def test_a_collection_that_is_not_there_is_told_with_those_that_are(evaluated):
    with pytest.raises(InputError, match=r"no collection 'quake'\. It has: fire, flood"):
        evaluated("rumours", "--collection", "quake")
