"""Words of the account of what was read: how many items, and what became of each."""

import re
from collections.abc import Mapping
from datetime import datetime

from dashboard.words.local_time import hour_and_minute
from dashboard.words.shared import counted
from models.domain.reading import FileFact, Mark, Outcome
from models.measures.reading_account import Account
from models.text.detection import language_name

_OPTIONS = re.compile(r" \(--[a-z]+\)")
HEADING = "What became of everything that was read"
NOTHING = "Nothing has been read yet."
OUTCOMES = {
    Outcome.KEPT: "kept",
    Outcome.SEEN: "seen before",
    Outcome.PASSED_OVER: "passed over",
    Outcome.DEAD: "dead letters",
    Outcome.REMOVED: "removed",
}
WHY = "Why"
WHY_TABLE = "Why posts were not kept, since the beginning"
HOURS_TABLE = "By hour, the latest first"
FILES_TABLE = "By file"
HOUR, FILE, READ, ITEMS = "Hour from", "File", "Read", "Items"
HEAD = (READ, *(word.capitalize() for word in OUTCOMES.values()))
MARK_MEANS = {
    Mark.MADE_IDS: "The file's own ids were damaged by a spreadsheet: these were made of author, time and text. "
    "Links between its posts are lost. Export the file again, with ids as text.",
}
MEANING = (
    "Read = kept + seen before + passed over + dead letters + removed. What is passed over is counted by its reason "
    "and not stored."
)


def told(file: str) -> str:
    """Told on reading posts.csv"""
    return f"Told on reading {file}" if file else "Told on reading its files"


def fact(one: FileFact, file: str) -> str:
    """times without a zone are read as Europe/London; posts.xlsx, sheet 2: repeated headers, not read: 3"""
    where = "" if one.place == file else f"{one.place}: "
    return f"{where}{without_options(one.words)}" + ("" if one.items is None else f": {one.items:,}")


def without_options(line: str) -> str:
    """What was told on reading, without the options of commands: nobody types them on a screen."""
    return _OPTIONS.sub("", line)


def in_one_sentence(account: Account) -> str:
    """1,204 read: 37 kept, 1,150 passed over, 17 dead letters"""
    return _sentence(account, dict.fromkeys(Outcome, ""))


def _sentence(account: Account, why: dict[Outcome, str]) -> str:
    parts = [f"{_figure(outcome, items)}{why[outcome]}" for outcome, items in account.became.items() if items]
    return f"{account.read:,} read" + (f": {', '.join(parts)}" if parts else "")


def _figure(outcome: Outcome, items: int) -> str:
    return counted(items, "dead letter") if outcome is Outcome.DEAD else f"{items:,} {OUTCOMES[outcome]}"


def why_of(account: Account, outcome: Outcome) -> str:
    """no watch term 900, another language: cy 250; empty where nothing had this outcome"""
    return ", ".join(f"{reason(rule, detail)} {items:,}" for of, rule, detail, items in account.why if of is outcome)


def since(account: Account, start: datetime) -> str:
    """Since 20:00, 1,204 read: 37 kept, 1,150 passed over (no watch term 900, another language: cy 250)"""
    why = {of: f" ({why_of(account, Outcome.PASSED_OVER)})" if of is Outcome.PASSED_OVER else "" for of in Outcome}
    return f"Since {hour_and_minute(start)}, {_sentence(account, why)}"


def reason(rule: str, detail: str) -> str:
    """another language: cy"""
    return f"{rule}: {detail}" if detail else rule


def outcome_and_reason(outcome: Outcome, rule: str, detail: str) -> str:
    """passed over, another language: cy"""
    return f"{OUTCOMES[outcome]}, {reason(rule, detail)}"


def mark(kind: Mark, items: int) -> str:
    """12 ids made by Grapevine"""
    return {Mark.MADE_IDS: f"{counted(items, 'id')} made by Grapevine"}[kind]


def unaccounted(account: Account) -> str | None:
    """What to say where the sum is wrong: it never should be."""
    missing = account.unaccounted
    if not missing:
        return None
    fault = "unaccounted for" if missing > 0 else "counted twice"
    return f"{counted(abs(missing), 'item')} {fault}. Report this: it is an error in Grapevine."


def lines(account: Account, *outcomes: Outcome) -> list[str]:
    """The account as a command prints it at its end, with the reasons of these outcomes."""
    whole = f"{in_one_sentence(account)}."
    reasons = {outcome: why_of(account, outcome) for outcome in outcomes}
    return [
        whole[0].upper() + whole[1:],
        *(f"{OUTCOMES[outcome].capitalize()}: {why}." for outcome, why in reasons.items() if why),
        *filter(None, [unaccounted(account)]),
    ]


def languages(detected: Mapping[str, int]) -> str:
    """Languages detected where none is stated: Polish 12, Welsh 3"""
    most_first = sorted(detected.items(), key=lambda one: (-one[1], one[0]))
    return "Languages detected where none is stated: " + ", ".join(
        f"{language_name(language)} {posts:,}" for language, posts in most_first
    )
