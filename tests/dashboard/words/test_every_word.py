"""Every word that the screens show stands in dashboard/words: the modules that draw hold no sentence and no label."""

import ast
import re
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).parents[3] / "dashboard"
ROOMS = ("pages", "components", "forms", "figures", "views")
FILES = [
    *(path for room in ROOMS for path in sorted((DASHBOARD / room).glob("*.py"))),
    *(DASHBOARD / f"{name}.py" for name in ("access", "app", "services")),
    *(DASHBOARD / "publish" / f"{name}.py" for name in ("about", "export", "packing", "pdf", "report", "selection")),
]
DASH_LIBRARIES = {"html", "dcc", "dmc"}
# What Dash shows of a component, beside its children. What else a component is given is for the browser.
SHOWN = {"children", "label", "description", "placeholder", "title", "alt", "error", "nothingFoundMessage"}
TAGS_AND_FIELDS = re.compile(r"<[^>]*>|{[^}]*}")
A_WORD = re.compile(r"[^\W\d]{2,}")
TWO_WORDS = re.compile(r"[^\W\d]{2,}[,;:.]? [^\W\d]{2,}")
ONE_LABEL = re.compile(r"\W*([A-Z][a-z]+|[A-Z]{2,})\W*")


class Use(Enum):
    """What a text is for: a component shows it, nobody knows yet, or only the browser sees it."""

    SHOWN = auto()
    ANY = auto()
    ATTRIBUTE = auto()


def wording(code: str) -> list[str]:
    """The literals in a module that a user would read."""
    found = ((_text(node), use) for node, use in _literals(ast.parse(code), Use.ANY))
    return [text for text, use in found if _is_read(text, use)]


def _is_read(text: str, use: Use) -> bool:
    """In what a component shows every word is read; elsewhere what reads as a sentence, or as a label on its own."""
    text = TAGS_AND_FIELDS.sub("", text)
    match use:
        case Use.SHOWN:
            return bool(A_WORD.search(text))
        case Use.ANY:
            return bool(TWO_WORDS.search(text) or ONE_LABEL.fullmatch(text))
        case Use.ATTRIBUTE:
            return False


def _literals(node: ast.AST, use: Use) -> Iterator[tuple[ast.AST, Use]]:
    """The texts in `node`, each with its use; not docstrings, keys, what is compared, the log and type variables."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            yield node, use
        case ast.Call(func=ast.Attribute(value=ast.Name(id=library))) if library in DASH_LIBRARIES:
            for child in node.args:
                yield from _literals(child, Use.SHOWN)
            for keyword in node.keywords:
                yield from _of_component(keyword)
        case ast.Call():
            if not ast.unparse(node.func).startswith(("log.", "log_", "TypeVar")):
                for child in node.args:
                    yield from _literals(child, Use.ANY)
                for keyword in node.keywords:
                    yield from _literals(keyword.value, Use.ATTRIBUTE if keyword.arg == "class_name" else Use.ANY)
        case ast.Dict():
            for child in node.values:
                yield from _literals(child, use)
        case ast.Compare() | ast.Subscript():
            pass
        case ast.IfExp():
            for child in (node.body, node.orelse):
                yield from _literals(child, use)
        case _:
            for child in ast.iter_child_nodes(node):
                # A text that stands alone is a docstring.
                if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                    yield from _literals(child, use)


def _of_component(keyword: ast.keyword) -> Iterator[tuple[ast.AST, Use]]:
    if keyword.arg is None and isinstance(keyword.value, ast.Dict):
        for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
            is_label = isinstance(key, ast.Constant) and key.value == "aria-label"
            yield from _literals(value, Use.SHOWN if is_label else Use.ATTRIBUTE)
    else:
        yield from _literals(keyword.value, Use.SHOWN if keyword.arg in SHOWN else Use.ATTRIBUTE)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value
    return "".join(part.value if isinstance(part, ast.Constant) else "" for part in node.values)


@pytest.mark.parametrize(
    "code",
    [
        'html.P("None.")',
        'html.Th("all", scope="col")',
        'html.Span(["edited ", moment])',
        'html.Button(word, title="Keys")',
        'dmc.TextInput(id=NAME, **{"aria-label": "words"})',
        'html.Div(html.P("yes" if done else answer), className="a b")',
        'NO_SUCH = "There is none."',
        'LABEL = "Claim"',
        'f"{number} more posts"',
        'raise Refused({"act": "Reload the page."})',
        'def f():\n    return "no owner"',
        'go.Scatter(name=f"posts from {source}")',
    ],
)
def test_what_a_user_reads_is_found(code):
    assert wording(code)


@pytest.mark.parametrize(
    "code",
    [
        '"""A docstring of a module."""',
        'def f():\n    """What it does."""',
        'html.Div(id="board-grid", className="button button-main")',
        'html.A(word, rel="noopener nofollow", target="_blank")',
        'html.Div([words(row.get("text")), marks.post(text, "post-text")])',
        '"<title>{%title%}</title> <body>{%app%}</body>"',
        'html.Kbd("s", **{"aria-hidden": "true", "data-act": "take"})',
        '_copy(text, class_name="post text")',
        'Output(GRID, "rowData")',
        'log.warning("source %s does not answer", name)',
        'log_in_one_line("an act failed", error)',
        'one["heard_by"]',
        'level == "wrong way"',
        'Made = TypeVar("Made")',
        '{"fontSize": "14px", "cellRenderer": "ClaimCell"}',
        'f"{at:%H:%M}"',
    ],
)
def test_keys_class_names_and_logs_are_no_wording(code):
    assert not wording(code)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_no_module_that_draws_holds_words_of_its_own(path):
    assert wording(path.read_text(encoding="utf-8")) == []
