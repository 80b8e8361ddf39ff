"""The board: does each story come up early, whole and in one piece, and is what stands there a rumour?

Judged as the board is at the end. A rumour's *main* story is the one that most of its posts are of, replies and
copies counted; it may be none. *Large* stories have twenty posts or more.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from models.evaluation.gold import LabelledPost
from models.evaluation.table import Column, Figures
from models.judgement.naming import title_of
from models.store.messages import FinalRow

Beside = Sequence[tuple[LabelledPost, FinalRow]]

EARLY_POSTS = 5
LARGE_POSTS = 20
# Fewer people than that are no rumour yet: models/judgement/surfacing.py.
LEAST_POSTS = 3
# Stated times are whole seconds, the board's are not.
SAME_SECOND = timedelta(seconds=1)
TITLE_LETTERS = 40
OFFICIAL_SHARE = 0.8

COLUMNS = (
    Column("put_up", "put up", 0, best="less"),
    Column("an_hour", "an hour", 2, best="less"),
    Column("right", "of them rumours"),
    Column("early", "early"),
    Column("came_up", "came up"),
    Column("stories_20", "stories of 20+", 0, best=None),
    Column("pieces", "pieces", 2, best="less"),
    Column("never_up", "never up", best="less"),
    Column("coverage", "coverage"),
    Column("purity", "purity"),
    Column("official_titles", "official titles", 0, best="less"),
    Column("official_rumours", "official rumours", 0, best="less"),
    Column("answering_titles", "titles that deny or ask", 0, best="less"),
)
NOTE = (
    "An hour: rumours put up over the clock hours that brought a source post. Of them rumours: half or more of "
    "their source posts have a story. Early: stories of five source posts and more, one of whose first five is in a "
    "rumour that was on the board by the fifth. Came up: stories of three source posts and more that are the main "
    "story of a rumour on the board. Of stories of twenty posts and more: pieces, how many rumours on the board are "
    "mainly that story (1 is best, none counts 0); never up, the share without any; coverage, the share of its "
    "posts that are in them. Purity: the share of the posts on the board that are of their rumour's main story. "
    "Official: titles that are an official account's words, and rumours of which four in five posts are official or "
    "copies of these. Titles that deny or ask: by the labelled stance of the post."
)


def figures(beside: Beside, title_posts: Mapping[str, str]) -> Figures:
    """The figures of one incident. `title_posts`: rumour → the post whose words are its title at the end."""
    sources = [(post, row) for post, row in beside if post.is_source]
    members: dict[str, list[LabelledPost]] = {}
    titles: dict[str, str] = {}
    for post, row in beside:
        if row.on_board_at is not None:
            members.setdefault(row.rumour, []).append(post)
            titles[row.rumour] = title_of(row.title or "")
    main = {rumour: Counter(post.story for post in of).most_common(1)[0][0] for rumour, of in members.items()}
    busy = {post.created_at.replace(minute=0, second=0, microsecond=0) for post, _ in sources if post.created_at}
    is_rumour = _labels(sources)
    sizes = Counter(post.story for post, _ in sources)
    shown = [post.story == main[rumour] for rumour, of in members.items() for post in of]
    return {
        "put_up": len(members),
        "an_hour": len(members) / max(len(busy), 1),
        "right": _mean([np.mean(labels) >= 0.5 for labels in is_rumour.values()]),
        "early": _early(sources),
        "came_up": _mean(
            [story in main.values() for story, count in sizes.items() if story is not None and count >= LEAST_POSTS]
        ),
        **_large_stories([post for post, _ in beside], members, main),
        "purity": _mean(shown),
        **_official([post for post, _ in beside], members, titles),
        "answering_titles": _answering(beside, members, title_posts),
    }


def _large_stories(
    posts: Sequence[LabelledPost], members: Mapping[str, Sequence[LabelledPost]], main: Mapping[str, str | None]
) -> Figures:
    sizes = Counter(post.story for post in posts if post.story is not None)
    large = [story for story, count in sizes.items() if count >= LARGE_POSTS]
    pieces = Counter(main.values())
    covered = Counter(post.story for rumour, of in members.items() for post in of if post.story == main[rumour])
    return {
        "stories_20": len(large),
        "pieces": _mean([pieces[story] for story in large]),
        "never_up": _mean([not pieces[story] for story in large]),
        "coverage": _mean([covered[story] / sizes[story] for story in large]),
    }


def _early(sources: Beside) -> float | None:
    of_story: dict[str, list[tuple[LabelledPost, FinalRow]]] = {}
    for post, row in sources:
        if post.story is not None and post.created_at is not None:
            of_story.setdefault(post.story, []).append((post, row))
    caught = []
    for told in of_story.values():
        first = sorted(told, key=lambda pair: pair[0].created_at)[:EARLY_POSTS]
        if len(first) == EARLY_POSTS:
            fifth = first[-1][0].created_at + SAME_SECOND
            caught.append(any(row.on_board_at is not None and row.on_board_at <= fifth for _, row in first))
    return _mean(caught)


def _labels(sources: Beside) -> dict[str, list[bool]]:
    """Of each rumour on the board, whether its source posts have a story."""
    labels: dict[str, list[bool]] = {}
    for post, row in sources:
        if row.on_board_at is not None:
            labels.setdefault(row.rumour, []).append(post.story is not None)
    return labels


def _official(
    posts: Sequence[LabelledPost], members: Mapping[str, Sequence[LabelledPost]], titles: Mapping[str, str]
) -> Figures:
    official = [post for post in posts if post.official]
    if not official:
        return {"official_titles": None, "official_rumours": None}
    theirs = {post.id for post in official}
    words = {_beginning(post.text) for post in official}
    return {
        "official_titles": sum(_beginning(title) in words for title in titles.values()),
        "official_rumours": sum(
            sum(post.id in theirs or post.repost_of in theirs for post in of) >= OFFICIAL_SHARE * len(of)
            for of in members.values()
        ),
    }


def _answering(beside: Beside, shown: Mapping[str, object], title_posts: Mapping[str, str]) -> int | None:
    """How many rumours on the board are named by a post that is labelled to deny or to ask."""
    stance_of = {post.id: post.stance for post, _ in beside}
    if not any(stance_of.values()):
        return None
    return sum(stance_of.get(title_posts.get(rumour)) in ("deny", "query") for rumour in shown)


def _beginning(text: str) -> str:
    return " ".join(text.split())[:TITLE_LETTERS].casefold()


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
