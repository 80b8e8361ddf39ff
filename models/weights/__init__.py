"""The small trained parts that ship: a folder each, with a model card and a manifest of what it must hold.

Made by `grapevine train`; nothing here is fetched, and a file that is not what its manifest says is not loaded.
"""

import json
from hashlib import sha256
from pathlib import Path

from models.errors import WeightsRefused

PACKAGED = Path(__file__).parent
MANIFEST = "manifest.json"
PARTS = ("encoder", "clusters", "likelihood", "stance")


def checked(folder: Path, part: str) -> Path:
    """The folder of one part, once each of its files is what its manifest says. Raises WeightsRefused."""
    home = folder / part
    try:
        told = json.loads((home / MANIFEST).read_text(encoding="utf-8"))["sha256"]
        for name, digest in told.items():
            if sha256((home / name).read_bytes()).hexdigest() != digest:
                raise WeightsRefused(f"{home / name}: not the file its {MANIFEST} names. Install or train it again.")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise WeightsRefused(f"{home}: no trained part to be read ({error}). Install or train it again.") from error
    return home


def sealed(home: Path) -> Path:
    """Write the manifest of a part's files as they are now; its folder."""
    files = sorted(path for path in home.iterdir() if path.name not in (MANIFEST, "README.md"))
    told = {path.name: sha256(path.read_bytes()).hexdigest() for path in files}
    (home / MANIFEST).write_text(json.dumps({"sha256": told}, indent=2) + "\n", encoding="utf-8")
    return home
