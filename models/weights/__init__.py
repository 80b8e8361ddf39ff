"""The small trained parts that ship: a folder each, with a model card and a manifest of what it must hold.

Made by `grapevine train`; nothing here is fetched, and a file that is not what its manifest says is not loaded.
"""

import json
from collections.abc import Sequence
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path

from models.errors import WeightsRefused

PACKAGED = Path(__file__).parent
MANIFEST = "manifest.json"
PARTS = ("encoder", "clusters", "likelihood", "stance")


def checked(folder: Path, part: str) -> Path:
    """The folder of one part, once each of its files is what its manifest says. Raises WeightsRefused."""
    home = folder / part
    for name, digest in _manifest(home).items():
        try:
            found = sha256((home / name).read_bytes()).hexdigest()
        except OSError as error:
            raise _unreadable(home, error) from error
        if found != digest:
            raise WeightsRefused(
                f"{home / name}: this file does not match its {MANIFEST}. Install or train it again."
            )
    return home


def digest_of(folder: Path, *parts: str, base: Sequence[Path] = ()) -> str:
    """The sha256 that stands for these parts of a weights folder and the files of `base` that they are used with.

    It is that of the files' digests, so neither a card nor how a manifest is laid out changes it. Raises
    WeightsRefused.
    """
    manifests = {part: dict(sorted(_manifest(folder / part).items())) for part in parts}
    files = {file.name: _digest_of_file(file) for file in base}
    return sha256(json.dumps([manifests, files]).encode()).hexdigest()


def sealed(home: Path) -> Path:
    """Write the manifest of a part's files as they are now; its folder."""
    files = sorted(path for path in home.iterdir() if path.name not in (MANIFEST, "README.md"))
    digests = {path.name: sha256(path.read_bytes()).hexdigest() for path in files}
    (home / MANIFEST).write_text(json.dumps({"sha256": digests}, indent=2) + "\n", encoding="utf-8")
    return home


def _manifest(home: Path) -> dict[str, str]:
    """What a part's manifest names: file → sha256."""
    try:
        return dict(json.loads((home / MANIFEST).read_text(encoding="utf-8"))["sha256"].items())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(home, error) from error


def _unreadable(home: Path, error: Exception) -> WeightsRefused:
    return WeightsRefused(f"{home}: this trained part cannot be read ({error}). Install or train it again.")


@cache
def _digest_of_file(file: Path) -> str:
    """The sha256 of a file of an installed package, which does not change under a running process."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
