"""How well posts are grouped by us and by others, on the same real posts in one run.

    pip install -e '.[bench]'
    python tests/benchmarks/peers.py ../shared/data/pheme_dev.jsonl.gz

The source posts of four PHEME events, each in time order and in one pass, are grouped by Grapevine; by first-story
detection (Petrović et al. 2010) as in twembeddings (Mazoyer et al. 2020); by BERTopic's recipe for streams
(Grootendorst 2022); by river's TextClust (Assenmacher and Trautmann 2022) and DBSTREAM (Hahsler and Bolaños 2016).
What needs vectors gets the very same ones, those of the encoder as published, since ours has learnt these events.
Each stands in two rows: with its default, and with its one main threshold chosen for an event on the three others, so
that nobody is handicapped. Grapevine's default was set with these events in sight and is flattered: its second row is
the one to compare.
Scores are B-cubed F1 (Bagga and Baldwin 1998), AMI and ARI on the rumour posts against the human-written story, and
best-match F1 over stories of five threads and more with all other posts counted as noise. One thread each.
"""

import gzip
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

# Before anything loads a linear algebra or torch, here and in the encoder's child.
os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import IncrementalPCA
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, HashingVectorizer

try:
    from bertopic import BERTopic
    from bertopic.vectorizers import OnlineCountVectorizer
    from river.cluster import DBSTREAM, TextClust
    from river.feature_extraction import BagOfWords
except ModuleNotFoundError as missing:
    sys.exit(f"tests/benchmarks/peers.py: {missing.name} is not installed. Run: pip install -e '.[bench]'")

from models.domain import Kind, Post
from models.evaluation import metrics
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import ChildEncoder, Encoder
from models.training.clusters import LEAST_TO_JOIN
from models.training.rehearsal import Rehearsal

EVENTS = ("charliehebdo", "ferguson", "germanwings-crash", "ottawashooting")
FSD_WINDOW = timedelta(hours=24)
BERTOPIC_BATCH = 1_000
HEADINGS = tuple("method,threshold,B³-F1,AMI,ARI,best-match F1,groups,posts a second,with embedding".split(","))

_LINK = re.compile(r"http\S+")
_HASHTAG = re.compile(r"#\w+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Event:
    """One event's source posts in time order, their gold stories (None: no rumour), their (n, 384) unit vectors."""

    name: str
    posts: list[Post]
    stories: list[str | None]
    records: list[dict]
    vectors: np.ndarray
    embedding_seconds: float


@dataclass(frozen=True)
class Method:
    """One way to group an event's posts: a label a post, by the value of its one main threshold."""

    name: str
    threshold: str
    default: float
    grid: tuple[float, ...]
    labels: Callable[[Event, float], list[Hashable]]
    needs_vectors: bool


@dataclass(frozen=True)
class Result:
    """Scores of one method on one event at one threshold; `seconds` is clustering without embedding."""

    b_cubed: float
    ami: float
    ari: float
    best_match: float
    groups: int
    seconds: float

    @property
    def worth(self) -> float:
        """What a threshold is chosen by: the mean of the three scores we have set ourselves goals for."""
        return (self.b_cubed + self.ami + self.best_match) / 3


@dataclass(frozen=True)
class Row:
    """A method's thresholds and results, one an event; `how` says how the thresholds came about."""

    method: Method
    how: str
    values: list[float]
    results: list[Result]


def ours(event: Event, least_to_join: float) -> list[Hashable]:
    """As the pipeline drives its clusterer, consolidated every ten minutes and at the end."""
    settings = replace(ClusterSettings(), least_to_join=least_to_join)
    rehearsal = Rehearsal(event.name, settings)
    vectors = {post.id: vector for post, vector in zip(event.posts, event.vectors, strict=True)}
    judged = list(rehearsal.judged(event.records, vectors))
    return [rehearsal.rumour(one.flow) for one in judged]


def first_story_detection(event: Event, radius: float) -> list[Hashable]:
    """A post joins the nearest post of the last 24 hours where that is nearer than `radius` (cosine distance).

    Binary tf-idf; the idf is learnt in the stream, and a post keeps the weights of the moment it came.
    """
    terms = HashingVectorizer(
        alternate_sign=False, binary=True, norm=None, stop_words="english", strip_accents="unicode"
    ).transform([_without_links(post.text) for post in event.posts])
    posts_with, weights = np.zeros(terms.shape[1]), np.zeros(terms.nnz)
    asked = np.zeros(terms.shape[1])
    labels: list[int] = []
    start = 0
    for place, post in enumerate(event.posts):
        row = slice(terms.indptr[place], terms.indptr[place + 1])
        words = terms.indices[row]
        posts_with[words] += 1
        idf = np.log((place + 2) / (posts_with[words] + 1)) + 1
        weights[row] = idf / (np.linalg.norm(idf) or 1.0)
        while event.posts[start].created_at < post.created_at - FSD_WINDOW:
            start += 1
        known = slice(terms.indptr[start], terms.indptr[place])
        bounds = terms.indptr[start : place + 1] - terms.indptr[start]
        window = csr_matrix((weights[known], terms.indices[known], bounds), shape=(place - start, terms.shape[1]))
        asked[words] = weights[row]
        resemblance = window @ asked
        asked[words] = 0.0
        nearest = int(resemblance.argmax()) if place > start else None
        joins = nearest is not None and 1 - resemblance[nearest] < radius
        labels.append(labels[start + nearest] if joins else place)
    return labels


def bertopic(event: Event, clusters: float) -> list[Hashable]:
    """`partial_fit` with all as in BERTopic's page on online topic modelling: a batch is judged when it is full."""
    model = BERTopic(
        umap_model=IncrementalPCA(n_components=5),
        hdbscan_model=MiniBatchKMeans(n_clusters=int(clusters), random_state=0),
        vectorizer_model=OnlineCountVectorizer(stop_words="english", decay=0.01),
    )
    labels: list[int] = []
    for start in range(0, len(event.posts), BERTOPIC_BATCH):
        batch = slice(start, start + BERTOPIC_BATCH)
        # MiniBatchKMeans starts in float64 and then takes nothing else.
        model.partial_fit([post.text for post in event.posts[batch]], event.vectors[batch].astype(np.float64))
        labels.extend(model.topics_)
    return labels


def textclust(event: Event, radius: float) -> list[Hashable]:
    """Micro-clusters over one and two words, and time counted in posts, as in river's own example."""
    bag = BagOfWords(lowercase=True, ngram_range=(1, 2), stop_words=set(ENGLISH_STOP_WORDS))
    model = TextClust(radius=radius, real_time_fading=False)
    labels = []
    for place, post in enumerate(event.posts):
        words = bag.transform_one(_without_links(post.text))
        model.learn_one(words)
        found = model.predict_one(words)
        labels.append(("alone", place) if found is None else found)
    return labels


def dbstream(event: Event, radius: float) -> list[Hashable]:
    """Macro-clusters over the vectors. river numbers them anew after each post: here the oldest part is the name."""
    model = DBSTREAM(clustering_threshold=radius)
    labels: list[Hashable] = []
    for vector in event.vectors:
        point = dict(enumerate(vector.tolist()))
        model.learn_one(point)
        found = model.predict_one(point)
        # The part itself: the numbers of forgotten parts are given again.
        parts = model.micro_clusters.values()
        labels.append(next((part for part in parts if model.predict_one(part.center) == found), None))
    return labels


METHODS = (
    Method("Grapevine", "least to join", ClusterSettings().least_to_join, LEAST_TO_JOIN, ours, True),
    Method("first-story detection, tf-idf", "radius", 0.65, (0.6, 0.7, 0.75, 0.8), first_story_detection, False),
    Method("BERTopic `partial_fit`", "clusters", 50, (25, 75, 100, 150), bertopic, True),
    Method("river TextClust", "radius", 0.3, (0.5, 0.65, 0.7, 0.75), textclust, False),
    Method("river DBSTREAM", "radius", 1.0, (0.6, 0.7, 0.8, 0.9), dbstream, True),
)


def main() -> None:
    """Prints a Markdown table an event, and one of the means; progress goes to standard error."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit(
            "tests/benchmarks/peers.py: no such file of posts. Run: python tests/benchmarks/peers.py FILE.jsonl.gz"
        )
    events = read_events(Path(sys.argv[1]))
    rows = [row for method in METHODS for row in rows_of(method, events)]
    for place, event in enumerate(events):
        stories = Counter(story for story in event.stories if story)
        print(
            f"\n{event.name}: {len(event.posts):,} posts, {stories.total():,} of them in {len(stories)} stories; "
            f"embedded at {len(event.posts) / event.embedding_seconds:,.0f} posts a second\n"
        )
        print_table(rows, events, [place])
    print(f"\nmeans over the {len(events)} events\n")
    print_table(rows, events, list(range(len(events))))


def read_events(file: Path) -> list[Event]:
    """The events with their vectors. Reads the gold; no method sees it. Runs the encoder's child process."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        sources = [record for record in map(json.loads, stream) if record["gold"]["is_source"]]
    sources.sort(key=lambda record: record["created_at"])
    encoder = ChildEncoder(None)
    try:
        encoder.warm_up().result()
        return [an_event(name, [one for one in sources if one["collection"] == name], encoder) for name in EVENTS]
    finally:
        encoder.close()


def an_event(name: str, records: list[dict], encoder: Encoder) -> Event:
    posts = [a_post(record) for record in records]
    began = time.perf_counter()
    vectors = encoder.encode([post.text for post in posts]).astype(np.float32)
    seconds = time.perf_counter() - began
    return Event(name, posts, [record["gold"]["story"] for record in records], records, vectors, seconds)


def a_post(record: dict) -> Post:
    at = datetime.fromisoformat(record["created_at"])
    return Post(record["id"], record["source"], Kind(record["kind"]), record["text"], at, created_at=at)


def rows_of(method: Method, events: list[Event]) -> tuple[Row, Row]:
    """The method with its default, and with what is best on average over the other events."""
    values = sorted({method.default, *method.grid})
    results = {(value, event.name): measured(method, value, event) for value in values for event in events}

    def best_without(event: Event) -> float:
        others = [other.name for other in events if other is not event]
        return max(values, key=lambda value: sum(results[value, other].worth for other in others))

    chosen = [best_without(event) for event in events]
    default = [method.default] * len(events)
    return tuple(
        Row(method, how, taken, [results[value, event.name] for value, event in zip(taken, events, strict=True)])
        for how, taken in (("default", default), ("chosen on the others", chosen))
    )


def measured(method: Method, value: float, event: Event) -> Result:
    began = time.perf_counter()
    labels = method.labels(event, value)
    seconds = time.perf_counter() - began
    told = [(story, label) for story, label in zip(event.stories, labels, strict=True) if story]
    truth, found = zip(*told, strict=True)
    result = Result(
        metrics.b_cubed_f1(truth, found),
        metrics.ami(truth, found),
        metrics.ari(truth, found),
        metrics.best_match_f1(event.stories, labels),
        len(set(labels)),
        seconds,
    )
    print(f"{method.name} {value:g} on {event.name}: {result.worth:.3f} in {seconds:.1f} s", file=sys.stderr)
    return result


def print_table(rows: list[Row], events: list[Event], places: list[int]) -> None:
    """Means over the events at these places; speeds over all of their posts together."""
    posts = sum(len(events[place].posts) for place in places)
    embedding = sum(events[place].embedding_seconds for place in places)
    print(f"| {' | '.join(HEADINGS)} |\n{'|---' * len(HEADINGS)}|")
    for row in rows:
        results = [row.results[place] for place in places]
        clustering = sum(result.seconds for result in results)
        scores = np.mean([[one.b_cubed, one.ami, one.ari, one.best_match] for one in results], axis=0)
        taken = " ".join(dict.fromkeys(f"{row.values[place]:g}" for place in places))
        cells = [
            row.method.name,
            f"{row.method.threshold} {taken} ({row.how})",
            *(f"{score:.3f}" for score in scores),
            f"{np.mean([one.groups for one in results]):,.0f}",
            f"{posts / clustering:,.0f}",
            f"{posts / (clustering + embedding):,.0f}" if row.method.needs_vectors else "–",
        ]
        print(f"| {' | '.join(cells)} |")


def _without_links(text: str) -> str:
    """A text without its links, with hashtags taken apart at their capitals: as twembeddings reads one."""
    return _HASHTAG.sub(lambda tag: _CAPITAL.sub(" ", tag.group()), _LINK.sub(" ", text))


if __name__ == "__main__":
    main()
