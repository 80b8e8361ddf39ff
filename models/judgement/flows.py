"""Copies → flows: a post and its reposts, manual copies and near-identical texts are one flow.

After the information flows of *Reading the Riots*, which grouped posts by a parametrised Levenshtein distance. Here
exact copies meet by a digest of their normalised words; near copies are found by MinHash (Broder 1997) and verified
by an edit distance over words. Texts that differ in a number, a name or a negation are never one flow, nor is a
quotation with words added. Posts of nothing but a link are one flow where the link is the same.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from models.domain.ids import stable_id
from models.domain.posts import Kind, Post
from models.text.silent import is_wordless, links_in
from models.text.words import NEGATIONS, NUMBER_WORDS, STOP_WORDS, Wording, is_figure, wording_of

if TYPE_CHECKING:
    from datasketch import MinHash

LEAST_CONTENT_WORDS = 5
REMEMBERED_HASHES = 2**16
# Near copies are looked for among so many latest texts; exact copies and reposts among all.
WINDOW_FLOWS = 20_000
PERMUTATIONS = 64
# Texts are compared when they share a band: 59 % of pairs with a Jaccard similarity of .5 do, 98 % with one of .7.
# Both numbers are given, since those that datasketch would choose hang on how scipy integrates.
BANDS, BAND_PERMUTATIONS = 14, 4
EDITED_SHARE = 0.2
# A text that is cut off is also looked for by its first words: little of a long original may be left.
HEAD_WORDS = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a post belongs: its flow, its thread (the post the conversation hangs on), whether it opens the flow."""

    flow: str
    thread: str
    opens_flow: bool


def is_copy(one: Wording, other: Wording) -> bool:
    """Whether two texts say the same in the same words, but for typing slips, small words and a cut-off end.

    >>> first = wording_of("The dam above Northgate has burst, and 3 people are still missing")
    >>> is_copy(first, wording_of("the dam above Northgate has bursst and 3 people are missing"))
    True
    >>> is_copy(first, wording_of("The dam above Northgate has burst, and 4 people are still missing"))
    False
    """
    first, second = one.words, other.words
    if one.truncated or other.truncated:
        shared = min(len(first) - one.truncated, len(second) - other.truncated)
        first, second = first[:shared], second[:shared]
    if len(first) < LEAST_CONTENT_WORDS or _fixed(first) != _fixed(second):
        return False
    names, edits = one.names | other.names, 0
    for step in Levenshtein.opcodes(first, second):
        if step.tag == "equal":
            continue
        before, after = first[step.src_start : step.src_end], second[step.dest_start : step.dest_end]
        if step.tag == "replace":
            if not all(_is_slip(a, b, names) for a, b in zip(before, after, strict=True)):
                return False
        elif any(word not in STOP_WORDS for word in before + after):
            return False
        edits += max(len(before), len(after))
    return edits <= EDITED_SHARE * max(len(first), len(second))


@dataclass(frozen=True, slots=True)
class _Known:
    """A text that later ones may copy: everywhere in the incident (scope "") or within its thread."""

    flow: str
    scope: str
    thread: str
    wording: Wording


class FlowIndex:
    """Finds the flow of each post of one incident, in order of arrival."""

    def __init__(self, incident: str):
        # Imported at first use: it brings scipy along, and most who import this file look for no copies.
        from datasketch import MinHashLSH

        self._incident = incident
        self._flow_of: dict[str, str] = {}
        self._thread_of: dict[str, str] = {}
        self._by_digest: dict[bytes, str] = {}
        # Texts that are too short to be told for copies: only what says of itself that it is a repost joins them.
        self._latest_short: dict[bytes, str] = {}
        self._lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, BAND_PERMUTATIONS))
        self._near: dict[int, _Known] = {}
        self._by_head: dict[tuple[str, ...], list[int]] = {}
        self._window: deque[int] = deque()
        self._known: set[str] = set()
        self._added = 0
        # While flows are recalled: the latest texts, which are sketched once it is known that they are.
        self._recalled: deque[_Known] | None = None

    def place(self, post: Post) -> Placed:
        """Put one post into its flow, a new one where it copies nothing. Changes the index."""
        thread = self._thread(post)
        wording = wording_of(post.text)
        # A repost whose original the export does not name is found by its words, as a manual one is.
        copies = self._copied_flow(post, wording, thread) if post.repost_of is None else None
        flow = self._reposted_flow(post) or copies or stable_id("flow", self._incident, post.repost_of or post.id)
        opens = flow not in self._known
        self.learn(post, Placed(flow, thread, opens), wording)
        return Placed(flow, thread, opens)

    def learn(self, post: Post, placed: Placed, wording: Wording | None = None) -> None:
        """Remember where a post belongs, as `place` decided it now or before a restart."""
        self._known.add(placed.flow)
        self._flow_of[post.id] = placed.flow
        self._thread_of[post.id] = placed.thread
        if not placed.opens_flow:
            return
        wording = wording or wording_of(post.text)
        if links := _only_links(post):
            for scope in {_scope(post, placed.thread), placed.thread}:
                self._by_digest.setdefault(_digest(scope, links), placed.flow)
        elif len(wording.content) >= LEAST_CONTENT_WORDS:
            for scope in {_scope(post, placed.thread), placed.thread}:
                self._by_digest.setdefault(_digest(scope, wording.words), placed.flow)
            self._remember_near(_Known(placed.flow, _scope(post, placed.thread), placed.thread, wording))
        elif wording.words and not _scope(post, placed.thread):
            self._latest_short[_digest("", wording.words)] = placed.flow

    @contextmanager
    def recalling(self) -> Iterator[None]:
        """Only `learn` what was placed before a restart. Of many texts only the latest are sketched, at the end."""
        self._recalled = deque(maxlen=WINDOW_FLOWS)
        yield
        recalled, self._recalled = self._recalled, None
        for known in recalled:
            self._remember_near(known)

    def _thread(self, post: Post) -> str:
        if post.kind is not Kind.REPLY and post.reply_to is None:
            return post.id
        above = post.reply_to or post.root
        return self._thread_of.get(above) or post.root or above or post.id

    def _reposted_flow(self, post: Post) -> str | None:
        if post.repost_of is not None:
            return self._flow_of.get(post.repost_of)
        # A repost may have come before its original.
        awaited = stable_id("flow", self._incident, post.id)
        return awaited if awaited in self._known else None

    def _copied_flow(self, post: Post, wording: Wording, thread: str) -> str | None:
        scope = _scope(post, thread)
        if links := _only_links(post):
            return self._by_digest.get(_digest(scope, links))
        if len(wording.content) < LEAST_CONTENT_WORDS:
            if post.kind is not Kind.REPOST or not wording.words:
                return None
            short = self._latest_short.get(_digest(scope, wording.words))
            # Cut off after a few words, it is one of what begins with them.
            return short or (self._copied_near(wording, scope, set()) if wording.truncated else None)
        exact = self._by_digest.get(_digest(scope, wording.words))
        return exact or self._copied_near(wording, scope, set(self._lsh.query(_sketch(wording))))

    def _copied_near(self, wording: Wording, scope: str, near: set[int]) -> str | None:
        """The flow of the first text that a wording copies: of these, and of those that begin like one cut off."""
        if wording.truncated:
            near.update(self._by_head.get(wording.words[:HEAD_WORDS], ()))
        for key in sorted(near):
            known = self._near[key]
            if scope in (known.scope, known.thread) and is_copy(wording, known.wording):
                return known.flow
        return None

    def _remember_near(self, known: _Known) -> None:
        if self._recalled is not None:
            self._recalled.append(known)
            return
        key, self._added = self._added, self._added + 1
        self._lsh.insert(key, _sketch(known.wording))
        self._near[key] = known
        self._by_head.setdefault(known.wording.words[:HEAD_WORDS], []).append(key)
        self._window.append(key)
        if len(self._window) > WINDOW_FLOWS:
            oldest = self._window.popleft()
            self._lsh.remove(oldest)
            head = self._near.pop(oldest).wording.words[:HEAD_WORDS]
            self._by_head[head].remove(oldest)
            if not self._by_head[head]:
                del self._by_head[head]


def _scope(post: Post, thread: str) -> str:
    """Where a post's copies count: a reply's within its thread only ("so sad" under two posts says two things)."""
    return thread if thread != post.id else ""


def _only_links(post: Post) -> tuple[str, ...]:
    """The links of a post that has no words beside them; none of any other."""
    return links_in(post.text) if "http" in post.text and is_wordless(post.text) else ()


def _digest(scope: str, words: tuple[str, ...]) -> bytes:
    return blake2b("\x1f".join((scope, *words)).encode(), digest_size=12).digest()


@cache
def _empty_sketch() -> "MinHash":
    """Made once: drawing the permutations anew for each text takes longer than all the rest of it."""
    from datasketch import MinHash
    from datasketch.hashfunc import sha1_hash32

    # An incident has few words, and its posts repeat them.
    return MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=lru_cache(REMEMBERED_HASHES)(sha1_hash32))


def _sketch(wording: Wording) -> "MinHash":
    words = wording.words
    shingles = {*words, *(f"{a} {b}" for a, b in pairwise(words))}
    sketch = _empty_sketch().copy()
    sketch.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return sketch


def _fixed(words: tuple[str, ...]) -> list[str]:
    """The words that no copy may change: numbers and negations."""
    return sorted(word for word in words if word in NEGATIONS or word in NUMBER_WORDS or is_figure(word))


def _is_slip(word: str, other: str, names: frozenset[str]) -> bool:
    if word in names or other in names:
        return False
    if word in STOP_WORDS and other in STOP_WORDS:
        return True
    shorter = min(len(word), len(other))
    return shorter >= 4 and Levenshtein.distance(word, other) <= max(1, shorter // 5)
