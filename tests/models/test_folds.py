"""What a fold trains: everything without what it leaves out, once, and for another seed only what chance is in."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from models.evaluation.gold import event_of
from models.training import folds
from models.training.folds import Fold
from models.training.labelled import records
from models.weights import checked, sealed

EVENTS = ("flood", "fire", "rumoureval/flood", "rumoureval/reddit/politics")


@pytest.fixture
def data(tmp_path) -> Path:
    """Posts of several events, and one beside a claim of such an event."""
    lines = [{"id": str(number), "collection": event, "gold": {}} for number, event in enumerate(EVENTS)]
    lines.append({"id": "9", "claim_id": "flood/0", "claim": "the dam has burst"})
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


@pytest.fixture
def kept_apart() -> set[Path]:
    """The files that a stance was kept from learning from."""
    return set()


@pytest.fixture
def trained(monkeypatch, kept_apart) -> list[tuple[str, int | None, set[str]]]:
    """Replaces the trainers by quick ones; tells (part, seed, events it learnt from) of each training."""
    asked: list[tuple[str, int | None, set[str]]] = []

    def trainer(part: str):
        def train(data, out: Path, *, leave_out, seed=None, seeds=None, weights=None, apart=(), progress):
            kept_apart.update(apart)
            asked.append((part, seed, {event_of(record) for record in records(data, leave_out=leave_out)}))
            assert weights is None or checked(weights, "clusters")
            home = out / part
            home.mkdir(parents=True, exist_ok=True)
            (home / "made.json").write_text(f"{seed}")
            progress(1, 1)
            return sealed(home)

        return train

    for part in ("clusters", "encoder", "likelihood"):
        monkeypatch.setattr(folds, f"train_{part}", trainer(part))
    stance = ModuleType("models.training.stance")
    stance.train_stance = trainer("stance")
    monkeypatch.setitem(sys.modules, stance.__name__, stance)
    return asked


@pytest.fixture(autouse=True)
def code_of(monkeypatch) -> dict[str, str]:
    """Part → what stands for the code of its trainer."""
    codes = dict.fromkeys(folds.PARTS, "this code")
    monkeypatch.setattr(folds, "digest_of_code", lambda *, beginnings: codes[Path(beginnings[0]).stem])
    return codes


def quiet(done: int, of_all: int) -> None:
    pass


def test_seeds_share_what_no_chance_is_in(trained, data, tmp_path):
    told = []
    fold = Fold(["flood"], [data])
    homes = [folds.train_fold(fold, tmp_path, seed, lambda done, of_all: told.append(done)) for seed in (1, 2)]
    assert [(part, seed) for part, seed, _ in trained] == [
        ("clusters", None),
        ("encoder", 1),
        ("likelihood", None),
        ("encoder", 2),
    ]
    for seed, home in enumerate(homes, start=1):
        assert all(checked(home, part) for part in ("clusters", "encoder", "likelihood"))
        assert not (home / "stance").exists()
        assert (home / "encoder" / "made.json").read_text() == str(seed)
    assert told == sorted(told[:6]) + sorted(told[6:])


def test_no_part_of_a_fold_learns_from_what_it_leaves_out(trained, data, tmp_path):
    folds.train_fold(Fold(["flood"], [data]), tmp_path, 1, quiet)
    assert {part: events for part, _, events in trained} == {
        part: {"fire", "reddit/politics"} for part in ("clusters", "encoder", "likelihood")
    }


def test_what_is_there_is_not_trained_again_and_what_is_broken_is(trained, data, tmp_path):
    fold = Fold(["flood"], [data])
    home = folds.train_fold(fold, tmp_path, 1, quiet)
    (spoilt,) = tmp_path.glob("likelihood-*/likelihood/made.json")
    spoilt.write_text("spoilt")
    trained.clear()
    assert folds.train_fold(fold, tmp_path, 1, quiet) == home
    assert [part for part, *_ in trained] == ["likelihood"]
    assert checked(home, "likelihood")


def test_other_code_of_a_part_trains_that_part_again_and_what_builds_on_it(trained, code_of, data, tmp_path):
    fold = Fold(["flood"], [data])
    before = folds.train_fold(fold, tmp_path, 1, quiet)
    for changed, again in (("encoder", ["encoder"]), ("clusters", ["clusters", "likelihood"])):
        trained.clear()
        code_of[changed] = "other code"
        assert folds.train_fold(fold, tmp_path, 1, quiet) != before
        assert [part for part, *_ in trained] == again


def test_other_data_or_another_event_left_out_makes_another_fold(trained, data, tmp_path):
    homes = {folds.train_fold(Fold(["flood"], [data]), tmp_path, 1, quiet)}
    homes.add(folds.train_fold(Fold(["fire"], [data]), tmp_path, 1, quiet))
    data.write_text(data.read_text() + '{"id": "10", "collection": "quake", "gold": {}}\n')
    homes.add(folds.train_fold(Fold(["flood"], [data]), tmp_path, 1, quiet))
    assert len(homes) == 3


def test_a_fold_with_files_of_stances_has_a_stance_model_that_seeds_share(trained, kept_apart, data, tmp_path):
    stances, apart = tmp_path / "stances.jsonl", tmp_path / "apart.jsonl"
    stances.write_text(data.read_text())
    apart.write_text("")
    fold = Fold(["flood"], [data], [stances], [apart])
    homes = {folds.train_fold(fold, tmp_path, seed, quiet) for seed in (1, 2)}
    assert all(checked(home, "stance") for home in homes)
    assert [events for part, _, events in trained if part == "stance"] == [{"fire", "reddit/politics"}]
    assert kept_apart == {apart}
    trained.clear()
    stances.write_text(stances.read_text() + '{"id": "10", "collection": "quake", "gold": {}}\n')
    folds.train_fold(fold, tmp_path, 1, quiet)
    assert [part for part, *_ in trained] == ["stance"]
