"""dashboard/ASVS.md is what it says: every requirement once, a verdict each, tests that exist, counts that add up."""

import ast
import re
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "dashboard" / "ASVS.md"
# Requirements of levels 1 and 2 by chapter, as OWASP's own list of ASVS 5.0.0 has them.
OF_CHAPTER = {
    **{1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3), 9: (4, 3)},
    **{10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16), 17: (0, 7)},
}
VERDICTS = ("met", "not", "does not apply")
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (met|not|does not apply): ([^|]+) \|")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
TESTS = re.compile(rf"{TEST.pattern}(?:, {TEST.pattern})*")


def rows():
    """Number, level, what is asked, verdict, and why or by which tests."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    found = [ROW.fullmatch(line) for line in lines]
    assert [line for line, one in zip(lines, found, strict=True) if one is None] == []
    return [one.groups() for one in found]


def parts(number):
    return tuple(map(int, number.split(".")))


@cache
def functions_in(file):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_of_the_two_levels_stands_there_once_and_in_order():
    numbers = [parts(number) for number, *_ in rows()]
    assert all(before < after for before, after in pairwise(numbers))
    counted = Counter((parts(number)[0], int(level)) for number, level, *_ in rows())
    assert {chapter: (counted[chapter, 1], counted[chapter, 2]) for chapter in OF_CHAPTER} == OF_CHAPTER
    assert len(numbers) == sum(map(sum, OF_CHAPTER.values()))


def test_each_line_is_met_by_something_or_says_why_not():
    for number, _, _, verdict, why in rows():
        if verdict == "met":
            assert TESTS.fullmatch(why) or re.fullmatch(r"by .+ \(no test\)", why), number
        else:
            assert why.startswith("because "), number


@pytest.mark.parametrize(("file", "name"), sorted(set(TEST.findall(PAGE.read_text(encoding="utf-8")))))
def test_each_test_that_is_named_exists(file, name):
    assert (ROOT / file).is_file()
    assert name in functions_in(file)


def test_every_file_that_is_named_is_there():
    page = PAGE.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", page):
        assert PAGE.parent.joinpath(link).exists(), link
    for path in re.findall(r"`((?:models|ingest|dashboard|tests|\.ci)/[\w./]+)`", page):
        assert (ROOT / path).exists(), path


def test_the_counts_at_the_head_are_those_of_the_lines():
    head = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    of_all, of_first = (Counter(row[3] for row in rows() if level in ("", row[1])) for level in ("", "1"))
    for counted in (of_all, of_first):
        assert ", ".join(f"{verdict} {counted[verdict]}" for verdict in VERDICTS) in head
