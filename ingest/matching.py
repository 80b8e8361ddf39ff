"""Which incidents a post matches, and why.

A post matches by its text (watch terms, in the wanted languages), its place, its author (our own channels), its
source, or because it answers, quotes or reposts a post that matched. A post that matches no incident is not kept, but
counted by the reason. The words of all are counted for a while, so that terms can be tried.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ingest.word_counts import Countable, WordCounts
from models.domain.incidents import Incident
from models.domain.posts import Post
from models.domain.reading import Passing, Reason
from models.people.area import holds, meets
from models.store import Store
from models.store.messages import ArrivedPost, Matched
from models.text.languages import is_wanted, languages_of
from models.text.silent import is_wordless
from models.text.terms import searched, watch_terms

# The posts to keep, each with the incidents it matches, and why the others are passed over.
Match = Callable[[Sequence[Post]], Matched]

_LINKS = (
    ("reply_to", "replies to a post that is here"),
    ("repost_of", "reposts a post that is here"),
    ("quote_of", "quotes a post that is here"),
    ("root", "is in a thread that is here"),
)


class Matcher:
    """Matches the posts of one source against all incidents that are open at that moment, or those of `incidents`.

    `pseudonym` makes the keyed hash under which authors are stored; our own accounts are recognised by it.
    """

    def __init__(
        self,
        store: Store,
        source: str,
        pseudonym: Callable[[str], str],
        incidents: Callable[[], Sequence[Incident]] | None = None,
    ):
        self._store = store
        self._incidents = incidents or store.incidents.all
        self._source = source
        self._pseudonym = pseudonym
        self.word_counts = WordCounts()
        self._own_hashes: dict[tuple[str, ...], frozenset[str]] = {}

    def match(self, posts: Sequence[Post]) -> Matched:
        if not posts:
            return Matched([])
        incidents = [one for one in self._incidents() if one.closed_at is None]
        # The post that is answered, and for an edit the post itself, may be stored already.
        linked = {link for post in posts for name, _ in _LINKS if (link := getattr(post, name)) is not None}
        linked |= {post.id for post in posts if post.edited_at is not None}
        reached: dict[str, frozenset[str]] = dict(self._store.posts.incidents_of(linked))
        terms_wanted = any(one.watch.terms for one in incidents)
        kept, passed_over, rule_for = [], Counter[_Rule](), _rule_for(incidents)
        counted, room = [], self.word_counts.room(posts[-1].arrived_at)
        for post in posts:
            words = searched(post.text) if terms_wanted or room > len(counted) else ""
            if room > len(counted):
                counted.append(Countable(post.lang, words, post.latitude is not None or bool(post.outlines)))
            why = {one.id: reason for one in incidents if (reason := self._why(post, words, one, reached))}
            if why or (post.edited_at is not None and post.id in reached):
                kept.append(ArrivedPost(self._marked(post, incidents), why))
                reached[post.id] = reached.get(post.id, frozenset()) | why.keys()
            else:
                passed_over[rule_for(post, words)] += 1
        self.word_counts.add(posts[-1].arrived_at, len(posts), counted)
        return Matched(kept, {Reason(Passing(rule), detail): posts for (rule, detail), posts in passed_over.items()})

    def _why(self, post: Post, words: str, incident: Incident, reached: Mapping[str, frozenset[str]]) -> str:
        """Why a post, whose searched text is `words`, reaches an incident; empty where it does not."""
        watch, reasons = incident.watch, []
        if self._source in watch.sources or self._source.partition(":")[0] in watch.sources:
            reasons.append(f"from {self._source}")
        if post.author is not None and post.author in self._own(watch.accounts):
            reasons.append("from our own channel")
        if watch.terms and is_wanted(post.lang, watch.languages):
            found = watch_terms(watch.terms).found_in(words)
            if found:
                reasons.append(f"matched: {', '.join(found)}")
        if watch.area and _is_in(watch.area, post):
            reasons.append("in the area")
        if not reasons:
            reasons += [
                link for name, link in _LINKS if incident.id in reached.get(getattr(post, name), frozenset())
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


def _is_in(area: str, post: Post) -> bool:
    """Whether the place of a post, or any of the areas it is for, lies in an area or meets it."""
    if post.latitude is not None and holds(area, post.latitude, post.longitude):
        return True
    return any(meets(area, outline) for outline in post.outlines)


# A rule and its detail as plain words: this is counted for nearly every post of a live stream.
_Rule = tuple[str, str]


def _rule_for(incidents: Sequence[Incident]) -> Callable[[Post, str], _Rule]:
    """What says why a post matches none of these, by its searched text: the rule that came nearest to keeping it."""
    watches = [one.watch for one in incidents]
    terms_in = [(watch_terms(watch.terms).found_in, watch.languages) for watch in watches if watch.terms]
    has_area = any(watch.area for watch in watches)

    def rule(post: Post, words: str) -> _Rule:
        for found_in, languages in terms_in:
            # Found, and not matched: only its language was not wanted.
            if not is_wanted(post.lang, languages) and found_in(words):
                return Passing.LANGUAGE.value, ", ".join(sorted(languages_of(post.lang)))
        if not watches:
            return Passing.NO_INCIDENT.value, ""
        # Nearly every text has a word among its first few, which is seen at once.
        if not any(map(str.isalpha, post.text.split(None, 4)[:4])) and is_wordless(post.text):
            return Passing.NO_WORDS.value, ""
        if terms_in:
            return Passing.NO_TERM.value, ""
        if has_area:
            return (Passing.AREA if post.latitude is not None or post.outlines else Passing.NO_PLACE).value, ""
        return Passing.NOT_WATCHED.value, ""

    return rule
