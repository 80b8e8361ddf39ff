"""`grapevine train`: each part from labelled posts, and one line where that cannot be."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from dashboard.commands import app
from models.errors import InputError, WeightsRefused
from models.judgement.cluster import ClusterSettings
from models.judgement.likelihood import FEATURES, LikelihoodModel
from models.training import clusters, likelihood
from models.weights import PACKAGED, checked
from tests.builders import WordsEncoder

CLAIMS = {
    "flood": ("the dam above Northgate has burst", "wolves escaped from Kelham zoo", "lovely evening for a walk"),
    "fire": ("the refinery at Saltby is about to explode", "army trucks seen on Mill Lane", "train home was late"),
}
WORDS = ("hearing", "apparently", "omg", "friends say", "anyone know", "police say")


class QuickEncoder(WordsEncoder):
    """Stands in for the child process that reads texts."""

    def __init__(self, weights: Path | None):
        pass

    def close(self) -> None:
        pass


def records() -> list[dict]:
    """Two events of two stories and some calm, and a reply under each post."""
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
                    "text": "no, it is not true",
                    "reply_to": name,
                    "root": name,
                    **common,
                    "gold": {"is_source": False, "stance": "deny"},
                }
            )
    return made


PAIR = {"id": "1", "claim": "Wolves are loose", "claim_id": "wolves/1", "text": "No wolves here", "stance": "deny"}


def write(path: Path, lines: list) -> Path:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def train(*arguments: object):
    told = CliRunner().invoke(app, ["train", *map(str, arguments)])
    if told.exception and not isinstance(told.exception, SystemExit):
        raise told.exception
    return told


@pytest.fixture
def labelled(tmp_path, monkeypatch) -> Path:
    for module in (clusters, likelihood):
        monkeypatch.setattr(module, "ChildEncoder", QuickEncoder)
    return write(tmp_path / "labelled.jsonl", records())


@pytest.fixture
def asked(monkeypatch) -> dict[str, object]:
    """Replaces the trainers that take minutes; tells what they were asked for."""
    told: dict[str, object] = {}

    def trainer(data, out, *, progress, **given):
        told.update(given, data=data, out=out)
        return out / "encoder"

    for part in ("encoder", "stance"):
        module = ModuleType(f"models.training.{part}")
        setattr(module, f"train_{part}", trainer)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return told


def refusal(*arguments: object) -> str:
    with pytest.raises(InputError) as refused:
        train(*arguments)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_help_names_the_parts():
    told = train("--help")
    assert told.exit_code == 0
    assert all(part in told.output for part in ("encoder", "stance", "likelihood", "clusters"))


def test_clusters_are_trained_into_a_part_that_loads(labelled, tmp_path):
    told = train("clusters", labelled, "--out", tmp_path / "made")
    assert "Trained clusters: " in told.stderr
    assert told.stdout == ""
    assert 0.2 < ClusterSettings.load(tmp_path / "made").least_to_join < 0.5


def test_a_likelihood_is_trained_with_the_clusters_of_the_weights_given(labelled, tmp_path):
    train("likelihood", labelled, "--out", tmp_path / "made")
    train("likelihood", labelled, "--out", tmp_path / "again", "--weights", PACKAGED)
    for name in ("made", "again"):
        shutil.copytree(PACKAGED / "encoder", tmp_path / name / "encoder")
    made = LikelihoodModel.load(tmp_path / "made")
    assert made == LikelihoodModel.load(tmp_path / "again")
    assert set(made.weights) <= set(FEATURES) == set(made.usual)
    with pytest.raises(WeightsRefused, match="clusters"):
        train("likelihood", labelled, "--out", tmp_path / "made", "--weights", tmp_path / "nowhere")


def test_an_event_of_rumours_beside_one_of_none_teaches_no_likelihood(tmp_path):
    lines = [line for line in records() if line["gold"]["is_source"]]
    for line in lines:
        line["gold"]["is_rumour"] = line["collection"] == "flood"
    apart = write(tmp_path / "apart.jsonl", lines)
    with pytest.raises(InputError, match="nothing to train likelihood on"):
        train("likelihood", apart, "--out", tmp_path / "made")


def test_an_event_left_out_teaches_nothing(labelled, tmp_path):
    alone = write(tmp_path / "flood.jsonl", [line for line in records() if line["collection"] == "flood"])
    train("likelihood", labelled, "--out", tmp_path / "left", "--leave-out", "fire")
    train("likelihood", alone, "--out", tmp_path / "alone")
    left, apart = (checked(tmp_path / name, "likelihood") / "weights.json" for name in ("left", "alone"))
    assert left.read_bytes() == apart.read_bytes()


def test_stance_is_trained_by_several_seeds_from_the_one_given_on(tmp_path, asked):
    packed = write(tmp_path / "labelled.jsonl.gz", records())
    train("stance", packed, "--out", tmp_path / "made", "--seed", "7", "--leave-out", "fire", "--apart", packed)
    assert asked["out"] == tmp_path / "made"
    assert (list(asked["seeds"]), asked["leave_out"], asked["apart"]) == ([7, 8], ["fire"], [packed])


def test_a_stance_is_trained_without_several_events(tmp_path, asked):
    file = write(tmp_path / "labelled.jsonl", records())
    pairs = write(tmp_path / "pairs.jsonl", [PAIR])
    train("stance", file, pairs, "--out", tmp_path / "made", "--leave-out", "fire", "--leave-out", "wolves")
    assert asked["leave_out"] == ["fire", "wolves"]
    told = refusal("stance", file, pairs, "--out", tmp_path / "made", "--leave-out", "storm")
    assert "no collection 'storm' to leave out" in told


def test_only_a_stance_is_taught_by_pairs(tmp_path, asked):
    pairs = write(tmp_path / "pairs.jsonl", [PAIR])
    train("stance", pairs, "--out", tmp_path / "made")
    assert asked["data"] == [pairs]
    assert "not a labelled post" in refusal("encoder", pairs, "--out", tmp_path / "made")


def test_the_encoder_is_trained_by_the_seed_given_and_else_by_its_own(labelled, tmp_path, asked):
    train("encoder", labelled, "--out", tmp_path / "made")
    assert "seed" not in asked
    train("encoder", labelled, labelled, "--out", tmp_path / "made", "--seed", "3", "--leave-out", "fire")
    assert (asked["seed"], asked["leave_out"], asked["data"]) == (3, ["fire"], [labelled, labelled])


@pytest.mark.parametrize("part", ["encoder", "stance", "likelihood", "clusters"])
class TestOneLineTellsWhatIsWrong:
    def test_no_such_file(self, part, tmp_path):
        assert refusal(part, tmp_path / "none.jsonl.gz", "--out", tmp_path / "made") == (
            f"{tmp_path}/none.jsonl.gz: cannot be read (No such file or directory)."
        )

    @pytest.mark.parametrize("gold", [{}, {"is_source": False, "stance": "unrelated"}])
    def test_posts_whose_labels_do_not_teach_it(self, part, tmp_path, gold):
        lines = [{"id": str(n), "collection": "c", "text": "t", "gold": gold} for n in range(3)]
        told = refusal(part, write(tmp_path / "bare.jsonl.gz", lines), "--out", tmp_path / "made")
        assert f"bare.jsonl.gz: nothing to train {part} on. It needs" in told

    @pytest.mark.parametrize(
        "line",
        [
            [],
            3,
            None,
            {"id": "1"},
            {"id": 1, "collection": "c", "text": "t", "gold": {}},
            {"id": "1", "collection": "c", "text": "t", "gold": []},
        ],
    )
    def test_lines_that_are_no_labelled_posts(self, part, tmp_path, line):
        told = refusal(part, write(tmp_path / "odd.jsonl", [*records(), line]), "--out", tmp_path / "made")
        assert f"odd.jsonl, line {len(records()) + 1}: not a labelled post." in told

    def test_a_file_whose_packing_is_broken(self, part, tmp_path):
        packed = write(tmp_path / "labelled.jsonl.gz", records())
        whole = packed.read_bytes()
        for broken in (whole[:-20], whole[:40] + b"\0" * 40 + whole[80:]):
            packed.write_bytes(broken)
            assert refusal(part, packed, "--out", tmp_path / "made").startswith(str(packed))

    def test_an_event_to_leave_out_that_is_not_there(self, part, labelled, tmp_path):
        told = refusal(part, labelled, "--out", tmp_path / "made", "--leave-out", "quake")
        assert told.endswith("no collection 'quake' to leave out. It has: fire, flood.")

    def test_a_folder_that_cannot_be_written(self, part, tmp_path):
        packed = write(tmp_path / "labelled.jsonl.gz", records())
        (tmp_path / "file").write_text("")
        assert f"{tmp_path}/file/made: cannot be written" in refusal(
            part, packed, "--out", tmp_path / "file" / "made"
        )


def test_asking_for_help_loads_nothing_that_trains():
    script = "import sys, dashboard.commands; print({'torch', 'models.training'} & set(sys.modules) or 'neither')"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "neither"


def test_leaving_the_only_event_out_leaves_nothing(tmp_path):
    alone = write(tmp_path / "flood.jsonl", [line for line in records() if line["collection"] == "flood"])
    told = refusal("clusters", alone, "--out", tmp_path / "made", "--leave-out", "flood")
    assert "nothing to train clusters on once flood is left out" in told


def test_nothing_is_written_where_nothing_can_be_learnt(tmp_path):
    refusal("encoder", tmp_path / "none.jsonl", "--out", tmp_path / "made")
    assert not (tmp_path / "made").exists()
