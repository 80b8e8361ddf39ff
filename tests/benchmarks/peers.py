"""How well posts are grouped by us and by others: the same posts of every shape of incident, in one run.

    pip install -e '.[bench]'
    python tests/benchmarks/peers.py ../shared/data

The source posts of each incident of `grapevine evaluate shapes DIR`, in time order and in one pass, are grouped by
Grapevine; by first-story detection (Petrović et al. 2010) as in twembeddings (Mazoyer et al. 2020); by BERTopic's
recipe for streams (Grootendorst 2022); by river's TextClust (Assenmacher and Trautmann 2022) and DBSTREAM (Hahsler
and Bolaños 2016). What needs vectors gets the same ones, those of the encoder as published, since ours has learnt
these incidents. Each stands in two rows: with its default, and with its one main threshold chosen for an incident on
the others, each shape counting alike, so that nobody is handicapped. Grapevine's default was set with these incidents
in sight and is flattered: its second row is the one to compare.
Scores are B-cubed F1 (Bagga and Baldwin 1998), AMI and ARI on the rumour posts against the human-written story, and
best-match F1 over stories of five threads and more with all other posts counted as noise. One thread each.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
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

from dashboard.commands.shapes import exercises
from models.clock import utc_time
from models.errors import GrapevineError
from models.evaluation import metrics
from models.evaluation.gold import is_source, story_of
from models.evaluation.shapes.incidents import Incident, Shape, incidents
from models.judgement.cluster import ClusterSettings
from models.judgement.embed import ChildEncoder, Encoder
from models.training.clusters import LEAST_TO_JOIN
from models.training.rehearsal import Rehearsal

FSD_WINDOW = timedelta(hours=24)
BERTOPIC_BATCH = 1_000
SCORES = ("b_cubed", "ami", "ari", "best_match")
HEADINGS = ("method", "threshold", "B³-F1", "AMI", "ARI", "best-match F1", "its worst", "groups", "posts a second")

_LINK = re.compile(r"http\S+")
_HASHTAG = re.compile(r"#\w+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Event:
    """One incident's source posts in time order, their gold stories (None: no rumour), (n, 384) unit vectors."""

    name: str
    shape: Shape
    records: list[dict]
    stories: list[str | None]
    vectors: np.ndarray

    @property
    def texts(self) -> list[str]:
        return [record["text"] for record in self.records]


@dataclass(frozen=True)
class Method:
    """One way to group an event's posts: a label a post, by the value of its one main threshold."""

    name: str
    threshold: str
    default: float
    grid: tuple[float, ...]
    labels: Callable[[Event, float], list[Hashable]]


@dataclass(frozen=True)
class Result:
    """Scores of one method on one event at one threshold; `seconds` is clustering without embedding."""

    b_cubed: float
    ami: float
    ari: float
    best_match: float | None
    groups: int
    seconds: float

    @property
    def worth(self) -> float:
        """What a threshold is chosen by: the mean of the three scores we have set ourselves goals for."""
        return _mean([self.b_cubed, self.ami, self.best_match])


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
    vectors = {record["id"]: vector for record, vector in zip(event.records, event.vectors, strict=True)}
    judged = list(rehearsal.judged(event.records, vectors))
    return [rehearsal.rumour(one.flow) for one in judged]


def first_story_detection(event: Event, radius: float) -> list[Hashable]:
    """A post joins the nearest post of the last 24 hours where that is nearer than `radius` (cosine distance).

    Binary tf-idf; the idf is learnt in the stream, and a post keeps the weights of the moment it came.
    """
    terms = HashingVectorizer(
        alternate_sign=False, binary=True, norm=None, stop_words="english", strip_accents="unicode"
    ).transform([_without_links(text) for text in event.texts])
    moments = [utc_time(record["created_at"]) for record in event.records]
    posts_with, weights = np.zeros(terms.shape[1]), np.zeros(terms.nnz)
    asked = np.zeros(terms.shape[1])
    labels: list[int] = []
    start = 0
    for place, moment in enumerate(moments):
        row = slice(terms.indptr[place], terms.indptr[place + 1])
        words = terms.indices[row]
        posts_with[words] += 1
        idf = np.log((place + 2) / (posts_with[words] + 1)) + 1
        weights[row] = idf / (np.linalg.norm(idf) or 1.0)
        while moments[start] < moment - FSD_WINDOW:
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
        hdbscan_model=MiniBatchKMeans(n_clusters=min(int(clusters), len(event.texts)), random_state=0),
        vectorizer_model=OnlineCountVectorizer(stop_words="english", decay=0.01),
    )
    labels: list[int] = []
    for start in range(0, len(event.texts), BERTOPIC_BATCH):
        batch = slice(start, start + BERTOPIC_BATCH)
        # MiniBatchKMeans starts in float64 and then takes nothing else.
        model.partial_fit(event.texts[batch], event.vectors[batch].astype(np.float64))
        labels.extend(model.topics_)
    return labels


def textclust(event: Event, radius: float) -> list[Hashable]:
    """Micro-clusters over one and two words, and time counted in posts, as in river's own example."""
    bag = BagOfWords(lowercase=True, ngram_range=(1, 2), stop_words=set(ENGLISH_STOP_WORDS))
    model = TextClust(radius=radius, real_time_fading=False)
    labels = []
    for place, text in enumerate(event.texts):
        words = bag.transform_one(_without_links(text))
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
    Method("Grapevine", "least to join", ClusterSettings().least_to_join, LEAST_TO_JOIN, ours),
    Method("first-story detection, tf-idf", "radius", 0.65, (0.6, 0.7, 0.75, 0.8), first_story_detection),
    Method("BERTopic `partial_fit`", "clusters", 50, (25, 75, 100, 150), bertopic),
    Method("river TextClust", "radius", 0.3, (0.5, 0.65, 0.7, 0.75), textclust),
    Method("river DBSTREAM", "radius", 1.0, (0.6, 0.7, 0.8, 0.9), dbstream),
)


def main() -> None:
    """Prints a Markdown table a shape of incident; progress goes to standard error."""
    if len(sys.argv) != 2:
        sys.exit("tests/benchmarks/peers.py: which labelled files? Run: python tests/benchmarks/peers.py DIR")
    try:
        events = read_events(Path(sys.argv[1]))
    except GrapevineError as error:
        sys.exit(f"tests/benchmarks/peers.py: {error}")
    rows = [row for method in METHODS for row in rows_of(method, events)]
    for shape in Shape:
        places = [place for place, event in enumerate(events) if event.shape is shape]
        print(f"\n{shape}: {', '.join(events[place].name for place in places)}\n")
        print_table(rows, events, places)


def read_events(folder: Path) -> list[Event]:
    """The incidents that hold stories, with their vectors. Reads the gold; no method sees it. Runs the encoder."""
    encoder = ChildEncoder(None)
    try:
        encoder.warm_up().result()
        events = [an_event(incident, encoder) for incident in incidents(folder, exercises())]
    finally:
        encoder.close()
    return [event for event in events if any(event.stories)]


def an_event(incident: Incident, encoder: Encoder) -> Event:
    # One method goes by time; what states none cannot be put into its window.
    records = [record for record in incident.records if is_source(record) and record.get("created_at")]
    vectors = encoder.encode([record["text"] for record in records]).astype(np.float32)
    return Event(incident.name, incident.shape, records, [story_of(record) for record in records], vectors)


def rows_of(method: Method, events: list[Event]) -> tuple[Row, Row]:
    """The method with its default, and with what is best on the other incidents, each shape counting alike."""
    values = sorted({method.default, *method.grid})
    results = {(value, event.name): measured(method, value, event) for value in values for event in events}

    def best_without(event: Event) -> float:
        # The exercise is one incident in several seeds.
        left_out = {event.name} | ({one.name for one in events if one.shape is event.shape is Shape.EXERCISE})
        others = [one for one in events if one.name not in left_out]

        def worth(value: float) -> float:
            shapes = {other.shape for other in others}
            return _mean(
                [_mean([results[value, one.name].worth for one in others if one.shape is shape]) for shape in shapes]
            )

        return max(values, key=worth)

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
    posts = sum(len(events[place].records) for place in places)
    print(f"| {' | '.join(HEADINGS)} |\n{'|---' * len(HEADINGS)}|")
    for row in rows:
        results = [row.results[place] for place in places]
        clustering = sum(result.seconds for result in results)
        scores = [_mean([getattr(one, score) for one in results]) for score in SCORES]
        worst = min(one.best_match for one in results if one.best_match is not None)
        taken = " ".join(dict.fromkeys(f"{row.values[place]:g}" for place in places))
        cells = [
            row.method.name,
            f"{row.method.threshold} {taken} ({row.how})",
            *(f"{score:.3f}" for score in scores),
            f"{worst:.3f}",
            f"{np.mean([one.groups for one in results]):,.0f}",
            f"{posts / clustering:,.0f}",
        ]
        print(f"| {' | '.join(cells)} |")


def _mean(values: Iterable[float | None]) -> float:
    """Of what is known: an incident whose stories are all small has no best match."""
    return float(np.mean([value for value in values if value is not None]))


def _without_links(text: str) -> str:
    """A text without its links, with hashtags taken apart at their capitals: as twembeddings reads one."""
    return _HASHTAG.sub(lambda tag: _CAPITAL.sub(" ", tag.group()), _LINK.sub(" ", text))


if __name__ == "__main__":
    main()
