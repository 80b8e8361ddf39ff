"""What a fold trains: everything once, and for another seed only what chance is in."""

from pathlib import Path

import pytest

from models.training import folds
from models.weights import checked, sealed


@pytest.fixture
def trained(monkeypatch) -> list[tuple[str, list[str], int | None]]:
    """Replaces the trainers by quick ones; tells (part, events left out, seed) of each training."""
    asked: list[tuple[str, list[str], int | None]] = []

    def trainer(part: str):
        def train(data, out: Path, *, leave_out, seed=None, weights=None, progress):
            asked.append((part, list(leave_out), seed))
            assert weights is None or checked(weights, "clusters")
            home = out / part
            home.mkdir(parents=True, exist_ok=True)
            (home / "made.json").write_text(f"{seed}")
            progress(1, 1)
            return sealed(home)

        return train

    for part in folds.PARTS:
        monkeypatch.setattr(folds, f"train_{part}", trainer(part))
    return asked


def test_seeds_share_what_no_chance_is_in(trained, tmp_path):
    told = []
    homes = [folds.train_fold("flood", [], tmp_path, seed, lambda done, all_: told.append(done)) for seed in (1, 2)]
    assert trained == [
        ("clusters", ["flood"], None),
        ("likelihood", ["flood"], None),
        ("encoder", ["flood"], 1),
        ("encoder", ["flood"], 2),
    ]
    for home in homes:
        assert all(checked(home, part) for part in folds.PARTS)
    assert told == sorted(told[:3]) + told[3:]


def test_what_is_there_is_not_trained_again_and_what_is_broken_is(trained, tmp_path):
    home = folds.train_fold("flood", [], tmp_path, 1, lambda done, all_: None)
    (tmp_path / "likelihood" / "made.json").write_text("spoilt")
    trained.clear()
    assert folds.train_fold("flood", [], tmp_path, 1, lambda done, all_: None) == home
    assert [part for part, *_ in trained] == ["likelihood"]
    assert checked(home, "likelihood")
