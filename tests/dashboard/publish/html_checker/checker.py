"""The W3C's checker of HTML (vnu), asked without a network."""

import json
import shutil
import subprocess

from tests.conftest import missing
from tests.npm import CannotInstall, installed


def problems_of(html: str) -> list[str]:
    """Every error and warning. Skips where there is no Java, or the checker cannot be installed."""
    java = shutil.which("java")
    if java is None:
        missing("no Java: your system's package default-jre-headless brings one")
    try:
        folder = installed("html-checker")
    except CannotInstall as error:
        missing(str(error))
    jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    ran = subprocess.run(
        [java, "-jar", jar, "--stdout", "--format", "json", "--exit-zero-always", "-"],
        input=html,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        f"{one['type']}: {one['message']}: {one.get('extract', '')}" for one in json.loads(ran.stdout)["messages"]
    ]
