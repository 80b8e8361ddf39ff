"""Figures of runs, kept as JSON beside digests of what made them: a run whose makings are unchanged is not repeated.

No text and no post id is kept, so that the files may be published while the labelled posts are not.
"""

import ast
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from models.domain.ids import stable_id
from models.errors import InputError
from models.evaluation.likelihood import JudgedCluster
from models.evaluation.table import Figures, Table

PACKAGED = Path(__file__).with_name("results")
DECIMALS = 6
_ROOT = Path(__file__).parents[2]
# What judges, what trains it, and what scores it; what these import in `models` counts too.
_JUDGED = (
    "models/judgement/pipeline.py",
    "models/judgement/embed.py",
    "models/training",
    "models/evaluation",
    "models/evaluation/shapes",
)


@dataclass(frozen=True, slots=True)
class Makings:
    """Digests (sha256) of what a run was made of: labelled files, code, settings, weights where they were given."""

    data: str
    code: str
    settings: str
    weights: str

    def changed(self, other: "Makings") -> list[str]:
        """The names of what differs."""
        return [name for name, digest in asdict(self).items() if digest != asdict(other)[name]]


@dataclass(frozen=True, slots=True)
class Run:
    """One event judged once: figures by question, and its clusters, from which those of the likelihood follow.

    `seconds` of judging are None where they are nobody's question: then the same makings give the same bytes.
    """

    event: str
    seed: int | None
    posts: int
    seconds: float | None
    figures: Mapping[str, Figures]
    clusters: Sequence[JudgedCluster]
    made_of: Makings


def read_run(path: Path) -> Run | None:
    """The run that was kept there, or None. Raises InputError for a file that holds none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        clusters = [JudgedCluster(*cluster) for cluster in kept.pop("clusters")]
        return Run(**{**kept, "clusters": clusters, "made_of": Makings(**kept["made_of"])})
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not the result of a run ({error}). Delete it, and it is made again.") from error


def write_run(path: Path, run: Run) -> None:
    """Keep a run: whole, or not at all."""
    kept = asdict(run)
    kept["clusters"] = [list(cluster.values()) for cluster in kept["clusters"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(_as_lines(_rounded(kept)), encoding="utf-8")
    os.replace(partial, path)


def write_tables(path: Path, tables: Sequence[Table]) -> None:
    """Keep tables that no run of an event holds: whole, or not at all."""
    kept = [table.as_json() for table in tables]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(_rounded(kept), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, path)


def read_tables(path: Path) -> list[Table]:
    """The tables that were kept there. Raises InputError."""
    try:
        return [Table.from_json(kept) for kept in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: holds no kept tables ({error}). Delete it, and run `grapevine evaluate` again."
        ) from error


def file_name(event: str) -> str:
    """An event's name as part of a file's, told apart by a digest where characters had to go."""
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in event)
    return safe if safe == event else f"{safe}-{stable_id('event', event)[:8]}"


def digest_of_files(files: Iterable[Path]) -> str:
    """One digest over the contents of files in the order given. Raises InputError."""
    whole = sha256()
    for file in files:
        try:
            with file.open("rb") as stream:
                while part := stream.read(1 << 20):
                    whole.update(part)
        except OSError as error:
            raise InputError(f"{file}: cannot be read ({error.strerror}).") from error
        whole.update(b"\0")
    return whole.hexdigest()


def digest_of_folder(folder: Path) -> str:
    """One digest over the files of a folder, its sources and cards aside: for weights."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".md"))
    names = "\0".join(path.relative_to(folder).as_posix() for path in files)
    return sha256(f"{names}\0{digest_of_files(files)}".encode()).hexdigest()


def digest_of_code(root: Path = _ROOT, beginnings: Sequence[str] = _JUDGED) -> str:
    """One digest over the syntax of the code that a figure depends on; comments and docstrings do not count.

    The pipeline, the encoder, all trainers and all scoring, or other `beginnings`, and every module of `models` that
    these import.
    """
    waiting = [path for beginning in beginnings for path in _sources(root / beginning)]
    trees: dict[str, str] = {}
    while waiting:
        path = waiting.pop()
        name = path.relative_to(root).as_posix()
        if name not in trees:
            tree = ast.parse(path.read_bytes())
            waiting += [source for module in _imported(tree) for source in _sources(root / module)]
            trees[name] = ast.dump(_without_docstrings(tree))
    return sha256("\0".join(f"{name}\0{trees[name]}" for name in sorted(trees)).encode()).hexdigest()


def _sources(place: Path) -> list[Path]:
    """A module's file, or those of a folder."""
    file = place.with_suffix(".py")
    return [file] if file.is_file() else sorted(place.glob("*.py"))


def _imported(tree: ast.AST) -> list[str]:
    """What a module imports of `models`, as paths without suffix; a name taken from a package may be a module too."""
    modules = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    named = [name for node in modules for name in (node.module, *(f"{node.module}.{one.name}" for one in node.names))]
    return [
        name.replace(".", "/")
        for name in named
        # The engine stores what it is given; its contract is in the protocol.
        if name.startswith("models.") and name not in ("models.store", "models.weights")
    ]


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return tree


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def _as_lines(kept: dict[str, Any]) -> str:
    """JSON with one line a field: a changed figure is a changed line, and clusters do not fill pages."""
    fields = [f"{json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in kept.items()]
    return "{\n" + ",\n".join(fields) + "\n}\n"
