"""The trained parts that ship are whole, small and as their cards say; what is not whole is not loaded."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from models.errors import WeightsRefused
from models.judgement.cluster import ClusterSettings
from models.judgement.likelihood import LikelihoodModel
from models.weights import MANIFEST, PACKAGED, checked, sealed

PARTS = ("clusters", "encoder", "likelihood", "stance")
LARGEST_BYTES = 60_000_000


@pytest.fixture
def copied(tmp_path) -> Path:
    """A weights folder of one's own, of the parts that judge in this process."""
    for part in ("encoder", "clusters", "likelihood"):
        shutil.copytree(PACKAGED / part, tmp_path / part)
    return tmp_path


def refusal(load, folder: Path) -> str:
    with pytest.raises(WeightsRefused) as refused:
        load(folder)
    told = str(refused.value)
    assert "\n" not in told
    assert told.endswith("Install or train it again.")
    return told


@pytest.mark.parametrize("part", PARTS)
def test_what_ships_is_what_its_manifest_says(part):
    assert checked(PACKAGED, part) == PACKAGED / part


@pytest.mark.parametrize("part", PARTS)
def test_the_manifest_names_every_file_of_a_part_but_its_card(part):
    told = json.loads((PACKAGED / part / MANIFEST).read_text(encoding="utf-8"))["sha256"]
    assert {*told, MANIFEST, "README.md"} == {path.name for path in (PACKAGED / part).iterdir()}


@pytest.mark.parametrize("part", PARTS)
def test_a_card_tells_what_a_reader_must_know_of_the_very_files_beside_it(part):
    card = (PACKAGED / part / "README.md").read_text(encoding="utf-8")
    told = json.loads((PACKAGED / part / MANIFEST).read_text(encoding="utf-8"))["sha256"]
    missing = [name for name, digest in told.items() if f"`{name}` `{digest}`" not in card]
    assert not missing, f"{part}/README.md: the sha256 of {missing} is not in it"
    for said in ("**Made by**", "**Data and licence**", "CC-BY 4.0", "**Measured", "**Intended use**", "**Limits**"):
        assert said in card, f"{part}/README.md: no {said}"


def test_all_that_ships_is_at_most_60_megabytes():
    assert sum(path.stat().st_size for path in PACKAGED.rglob("*") if path.is_file()) <= LARGEST_BYTES


@pytest.mark.parametrize(
    ("part", "file", "load"),
    [("clusters", "settings.json", ClusterSettings.load), ("likelihood", "weights.json", LikelihoodModel.load)],
)
class TestOnlyAWholePartIsLoaded:
    def test_one_that_is_whole_is_loaded(self, copied, part, file, load):
        assert load(copied) == load(PACKAGED)

    def test_a_changed_file_is_refused_by_its_name(self, copied, part, file, load):
        changed = copied / part / file
        changed.write_text(changed.read_text(encoding="utf-8").replace("0", "1", 1), encoding="utf-8")
        assert str(changed) in refusal(load, copied)

    def test_a_missing_file_is_refused_by_its_name(self, copied, part, file, load):
        (copied / part / file).unlink()
        assert file in refusal(load, copied)

    def test_a_missing_part_is_refused_by_its_name(self, copied, part, file, load):
        shutil.rmtree(copied / part)
        assert str(copied / part) in refusal(load, copied)

    @pytest.mark.parametrize("manifest", ["", "{", "{}", '{"sha256": []}', '{"sha256": null}'])
    def test_one_whose_manifest_says_nothing_is_refused(self, copied, part, file, load, manifest):
        (copied / part / MANIFEST).write_text(manifest)
        assert str(copied / part) in refusal(load, copied)


def test_a_part_is_sealed_by_its_files_without_its_card(tmp_path):
    (tmp_path / "part").mkdir()
    for name in ("weights.json", "README.md"):
        (tmp_path / "part" / name).write_text(name)
    told = json.loads((sealed(tmp_path / "part") / MANIFEST).read_text(encoding="utf-8"))["sha256"]
    assert told == {"weights.json": sha256(b"weights.json").hexdigest()}
    (tmp_path / "part" / "README.md").write_text("another card")
    assert checked(tmp_path, "part") == tmp_path / "part"
