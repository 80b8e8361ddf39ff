"""Which incidents a post matches, and why.

A post matches by its text (watch terms, in the wanted languages), its place, its author (our own channels), its
source, or because it answers, quotes or reposts a post that matched. A post that matches no incident is not kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from models.domain import Incident, Post
from models.people.area import holds
from models.store.messages import ArrivedPost
from models.store.protocol import Store
from models.text import plain
from models.text.words import bare_term

# The posts to keep, each with the incidents it matches.
Match = Callable[[Sequence[Post]], list[ArrivedPost]]

_LINKS = (
    ("reply_to", "replies to a post that is here"),
    ("repost_of", "reposts a post that is here"),
    ("quote_of", "quotes a post that is here"),
    ("root", "is in a thread that is here"),
)


class Matcher:
    """Matches the posts of one source against all incidents that are open at that moment.

    `pseudonym` makes the keyed hash under which authors are stored; our own accounts are recognised by it.
    """

    def __init__(self, store: Store, source: str, pseudonym: Callable[[str], str]):
        self._store = store
        self._source = source
        self._pseudonym = pseudonym
        self._own_hashes: dict[tuple[str, ...], frozenset[str]] = {}

    def match(self, posts: Sequence[Post]) -> list[ArrivedPost]:
        incidents = [one for one in self._store.incidents.all() if one.closed_at is None]
        # The post that is answered, and for an edit the post itself, may be stored already.
        linked = {link for post in posts for name, _ in _LINKS if (link := getattr(post, name)) is not None}
        linked |= {post.id for post in posts if post.edited_at is not None}
        reached: dict[str, frozenset[str]] = dict(self._store.posts.incidents_of(linked))
        kept = []
        for post in posts:
            why = {one.id: words for one in incidents if (words := self._why(post, one, reached))}
            if why or (post.edited_at is not None and post.id in reached):
                kept.append(ArrivedPost(self._marked(post, incidents), why))
                reached[post.id] = reached.get(post.id, frozenset()) | why.keys()
        return kept

    def _why(self, post: Post, incident: Incident, reached: Mapping[str, frozenset[str]]) -> str:
        watch, reasons = incident.watch, []
        if self._source in watch.sources or self._source.partition(":")[0] in watch.sources:
            reasons.append(f"from {self._source}")
        if post.author is not None and post.author in self._own(watch.accounts):
            reasons.append("from our own channel")
        if watch.terms and _wanted(post.lang, watch.languages):
            found = _terms(watch.terms).found_in(post.text)
            if found:
                reasons.append(f"matched: {', '.join(found)}")
        if watch.area and post.latitude is not None and holds(watch.area, post.latitude, post.longitude):
            reasons.append("in the area")
        if not reasons:
            reasons += [
                words for name, words in _LINKS if incident.id in reached.get(getattr(post, name), frozenset())
            ][:1]
        return "; ".join(reasons)

    def _marked(self, post: Post, incidents: Sequence[Incident]) -> Post:
        ours = any(post.author in self._own(one.watch.accounts) for one in incidents)
        return replace(post, official=True) if ours and not post.official else post

    def _own(self, accounts: tuple[str, ...]) -> frozenset[str]:
        """Our channels by their keyed hashes, as posts contain them."""
        if accounts not in self._own_hashes:
            written = {name for one in accounts for name in (one, one.removeprefix("@"))}
            self._own_hashes[accounts] = frozenset(map(self._pseudonym, written))
        return self._own_hashes[accounts]


def _wanted(lang: str | None, languages: tuple[str, ...]) -> bool:
    """Whether a post is in one of these languages; one that states no language is wanted too."""
    return not languages or lang is None or lang.casefold().partition("-")[0] in languages


class _Terms:
    """Watch terms as two expressions: one finds quickly where any of them is, the other which one it is."""

    def __init__(self, terms: Sequence[str]):
        # The longest first: of "zoo" and "london zoo", a post with both matches the second.
        known = sorted(((bare_term(term), term) for term in terms), key=lambda one: -len(one[0]))
        self._named = [term for bare, term in known if bare.strip("*")]
        alternatives = [_expression(bare) for bare, _ in known if bare.strip("*")]
        self._any = re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})") if alternatives else None
        self._which = re.compile("|".join(f"({one})" for one in alternatives))

    def found_in(self, text: str) -> list[str]:
        """The terms that a text contains, as they were written, each once, in order of appearance."""
        if self._any is None:
            return []
        words = plain(text).casefold()
        places = (found.start() for found in self._any.finditer(words))
        return list(dict.fromkeys(self._named[self._which.match(words, place).lastindex - 1] for place in places))


@lru_cache(maxsize=256)
def _terms(terms: tuple[str, ...]) -> _Terms:
    return _Terms(terms)


def _expression(bare: str) -> str:
    """A term matches whole words, in any case; one that ends in * matches words that begin with it."""
    words = r"\s+".join(re.escape(word) for word in bare.removesuffix("*").split())
    return words + (r"\w*" if bare.endswith("*") else r"(?!\w)")
