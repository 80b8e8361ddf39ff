"""What the stance model learns from: posts beside the claims they were labelled toward, and beside their parents.

Two forms of labelled posts are read. In the interchange form a post has `gold.stance` toward its `gold.story`, or,
where no story is named, toward the root of its thread. In the form of pairs a post stands beside a `claim`.
"""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.domain.rumours import Stance
from models.evaluation.gold import FREE_STANDING, UNRELATED, event_of, is_rumour, is_source, story_of
from models.text.cues import ASKS_OR_DENIES
from models.text.words import wording_of
from models.training.labelled import records

STANCES = list(Stance)
SUPPORT, COMMENT = STANCES.index(Stance.SUPPORT), STANCES.index(Stance.COMMENT)
# A live claim is the words of a post. Each post is taught beside so many of them, besides its story's title.
CLAIMS_A_POST = 6
FEWEST_CLAIM_WORDS = 4
# That a post tells a story is no proof that it supports it, and that it tells none, no proof that it is beside it.
WEAK = 0.5
# What an event of weak labels alone adds, and what an event's chatter does.
WEAK_AN_EVENT = 250
CHATTER_A_LABELLED_POST = 0.2
# Posts that were written to be learnt from, in the words of their file; as an event they are left out by this name.
WRITTEN = Path(__file__).parent / "written" / "stances.toml"
WRITTEN_EVENT = "written"
_KNOWN = {stance.value: place for place, stance in enumerate(STANCES)}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled post. `claims` are those it was labelled toward, in words that may take each other's place.

    `told` is whether a story was named for it; `weight` is what its label is worth, beside 1.
    """

    text: str
    parent: str | None
    claims: tuple[str | None, ...]
    label: int
    event: str
    weight: float = 1.0
    told: bool = True


def examples(files: Sequence[Path], *, leave_out: Collection[str] = (), apart: Iterable[Path] = ()) -> list[Example]:
    """The labelled posts of the files but for the events `leave_out` and all posts of the files `apart`.

    A post is known by its number, whatever the file calls it ("twitter:7" is "pheme:7"). A text counts once a
    label and event. Raises InputError where a file cannot be read, and ValueError where no post is left.
    """
    kept_apart = {number_of(row["id"]) for row in records(apart)}
    rows = [
        row
        for row in records(files, leave_out=leave_out)
        if row.get("text") and number_of(row["id"]) not in kept_apart
    ]
    pairs = [row for row in rows if "claim" in row]
    posts = [row for row in rows if "claim" not in row]
    titles = {row["id"]: row["claim"] for row in pairs}
    labelled = {row["id"] for row in posts if row["gold"].get("stance") in _KNOWN}
    found = [*_of_posts(posts, titles), *_of_pairs(pairs, labelled)]
    if found and WRITTEN_EVENT not in leave_out:
        found += written()
    if not found:
        raise ValueError(f"{', '.join(map(str, files))}: no post with a stance. Known: {', '.join(sorted(_KNOWN))}")
    return list({(one.text, one.event, one.label, one.claims[:1]): one for one in reversed(found)}.values())[::-1]


def written() -> list[Example]:
    """The posts of WRITTEN, each beside its story's claim as a title and as a post words it, and supporting posts."""
    found = []
    for story in tomllib.loads(WRITTEN.read_text(encoding="utf-8"))["story"]:
        for stance, label in _KNOWN.items():
            for place, text in enumerate(story[stance]):
                others = [claim for claim in story["support"][place % 2 :: 2] if claim != text]
                claims = (
                    (*story["claims"], *others)
                    if "answers_to" not in story
                    else (*story["claims"], story["answers_to"])
                )
                found.append(Example(text, story.get("answers_to"), claims, label, WRITTEN_EVENT))
    return found


def number_of(post: str) -> str:
    """A post's number on its platform, without the name of where its copy came from."""
    return post.rsplit(":", 1)[-1]


def _of_posts(posts: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> list[Example]:
    words = {row["id"]: row["text"] for row in posts}
    of_collection = defaultdict(list)
    for row in posts:
        if row.get("kind") != "repost":
            of_collection[row["collection"]].append(row)
    found = []
    for rows in of_collection.values():
        event = event_of(rows[0])
        if any(row["gold"].get("stance") in _KNOWN for row in rows):
            found += _labelled(event, rows, words, titles)
        else:
            found += _weak_support(event, [row for row in rows if is_source(row)])
    return found


def _labelled(event: str, rows: Sequence[Mapping[str, Any]], words: Mapping, titles: Mapping) -> list[Example]:
    """The posts of an event that were labelled one by one, and some of its chatter, which is beside every story."""
    claims = _claims_of_stories(rows, lambda row: row["gold"].get("stance") == "support")
    found = []
    for row in rows:
        if row["gold"].get("stance") not in _KNOWN:
            continue
        story, answered = story_of(row), row.get("reply_to") or row.get("quote_of")
        if story:
            toward = _toward(story, row, claims)
        else:
            root = row.get("root") if row.get("reply_to") else None
            toward = tuple(claim for claim in (words.get(root), titles.get(row["id"])) if claim) or (None,)
        label = _KNOWN[row["gold"]["stance"]]
        found.append(Example(row["text"], words.get(answered), toward, label, event, told=bool(story)))
    chatter = [row for row in rows if is_source(row) and is_rumour(row) is False]
    if claims:
        shown = _spread(chatter, round(CHATTER_A_LABELLED_POST * len(found)))
        stories = sorted(claims)
        for place, row in enumerate(shown):
            toward = _toward(stories[place % len(stories)], row, claims)
            found.append(Example(row["text"], None, toward, COMMENT, event, WEAK))
    return found


def _weak_support(event: str, sources: Sequence[Mapping[str, Any]]) -> list[Example]:
    """Posts that tell a story and neither ask nor deny."""
    telling = [row for row in sources if story_of(row) and not ASKS_OR_DENIES.search(row["text"])]
    claims = _claims_of_stories(telling, lambda row: True)
    return [
        Example(row["text"], None, _toward(story_of(row), row, claims), SUPPORT, event, WEAK)
        for row in _spread(telling, WEAK_AN_EVENT)
    ]


def _of_pairs(pairs: Sequence[Mapping[str, Any]], known: Collection[str]) -> list[Example]:
    """Those whose post is not among the labelled posts anyway; another story's claim is none of theirs."""
    found = []
    for row in pairs:
        if row["id"] in known or row.get("relation") == "state" or row.get("origin", "").endswith("/dev"):
            continue
        label = COMMENT if row["stance"] == UNRELATED else _KNOWN.get(row["stance"])
        if label is not None:
            weight = WEAK if row.get("weak") else 1.0
            found.append(Example(row["text"], None, (row["claim"],), label, event_of(row), weight))
    return found


def _claims_of_stories(rows: Iterable[Mapping[str, Any]], supports: Any) -> dict[str, list[str]]:
    """The words of each story's supporting posts that state a claim."""
    claims: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        stands_alone = row.get("kind") in FREE_STANDING and not row["gold"].get("official")
        states_claim = (
            not ASKS_OR_DENIES.search(row["text"]) and len(wording_of(row["text"]).content) >= FEWEST_CLAIM_WORDS
        )
        story = story_of(row)
        if story is not None and stands_alone and supports(row) and states_claim:
            claims[story][row["text"]] = None
    return {story: list(texts) for story, texts in claims.items()}


def _toward(story: str, row: Mapping[str, Any], claims: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The story's title, and the words of some of its supporting posts: others for each post."""
    others = [claim for claim in claims.get(story, ()) if claim != row["text"]]
    first = int("".join(filter(str.isdecimal, row["id"]))[-9:] or 0) % max(1, len(others))
    return (story, *_spread([*others[first:], *others[:first]], CLAIMS_A_POST))


def _spread(items: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many of the items, spread evenly over them."""
    if len(items) <= most:
        return items
    return [items[place * len(items) // most] for place in range(most)]
