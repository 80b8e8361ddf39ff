"""The figures that judgement is measured by: pure functions over sequences and arrays.

A figure that its input cannot tell (no positive, no story large enough) is None. None of them depends on the order of
its input: where scores tie, the expected value over all orders is taken.

scikit-learn takes a second to load, so only the functions that need it import it: every `grapevine` command imports
this file.
"""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from models.domain.rumours import Stance

LEAST_THREADS = 5
CALIBRATION_BINS = 10


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of a grouping (Bagga and Baldwin 1998), F1 of the two means."""
    of_truth, of_found, both = Counter(truth), Counter(found), Counter(zip(truth, found, strict=True))
    precision = sum(n * n / of_found[rumour] for (_, rumour), n in both.items()) / len(truth)
    recall = sum(n * n / of_truth[story] for (story, _), n in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def b_cubed_f1(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    return b_cubed(truth, found)[2]


def ami(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Adjusted mutual information (Vinh, Epps and Bailey 2010): 0 for chance, 1 for the same grouping."""
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(_numbered(truth), _numbered(found)))


def ari(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): 0 for chance, 1 for the same grouping."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(_numbered(truth), _numbered(found)))


def best_match_f1(
    stories: Sequence[str | None], rumours: Sequence[Hashable], least_threads: int = LEAST_THREADS
) -> float | None:
    """Mean over the stories of `least_threads` posts and more of the best F1 that any rumour reaches for it.

    Both sequences hold every source post, those of no story (None) too: as noise they cost a rumour its precision.
    """
    of_story, of_rumour = Counter(story for story in stories if story is not None), Counter(rumours)
    best: dict[str, float] = {}
    for (story, rumour), n in Counter(zip(stories, rumours, strict=True)).items():
        if story is not None and of_story[story] >= least_threads:
            best[story] = max(best.get(story, 0.0), 2 * n / (of_story[story] + of_rumour[rumour]))
    return float(np.mean(list(best.values()))) if best else None


def macro_f1(truth: Sequence[Hashable], found: Sequence[Hashable], labels: Sequence[Hashable]) -> float:
    """Mean of the F1 of each of `labels`; a label that is in neither sequence counts as 0."""
    return float(np.mean(list(per_class_f1(truth, found, labels).values())))


def per_class_f1(
    truth: Sequence[Hashable], found: Sequence[Hashable], labels: Sequence[Hashable]
) -> dict[Hashable, float]:
    from sklearn.metrics import f1_score

    scores = f1_score(truth, found, labels=list(labels), average=None, zero_division=0)
    return dict(zip(labels, map(float, scores), strict=True))


def per_class_recall(
    truth: Sequence[Hashable], found: Sequence[Hashable], labels: Sequence[Hashable]
) -> dict[Hashable, float]:
    from sklearn.metrics import recall_score

    scores = recall_score(truth, found, labels=list(labels), average=None, zero_division=0)
    return dict(zip(labels, map(float, scores), strict=True))


def stance_scores(gold_labels: Sequence[str], probabilities: np.ndarray) -> dict[str, float]:
    """Macro-F1, and F1 and recall a class, of (n, 4) probabilities whose columns are in the order of Stance."""
    labels = [stance.value for stance in Stance]
    found = [labels[column] for column in np.asarray(probabilities).argmax(axis=1)]
    f1, recall = per_class_f1(gold_labels, found, labels), per_class_recall(gold_labels, found, labels)
    return {
        "macro_f1": macro_f1(gold_labels, found, labels),
        **{f"{label}_f1": f1[label] for label in labels},
        **{f"{label}_recall": recall[label] for label in labels},
    }


def auprc(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Area under the precision-recall curve as average precision; None without a positive."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(truth, scores)) if any(truth) else None


def precision_at(k: int, truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Share of positives among the `k` highest scores, or of all where there are fewer; None without input."""
    if not len(scores):
        return None
    k = min(k, len(scores))
    positive, values = np.asarray(truth, float), np.asarray(scores, float)
    last = np.sort(values)[-k]
    above, level = values > last, values == last
    return float((positive[above].sum() + (k - above.sum()) * positive[level].mean()) / k)


def calibration_error(
    truth: Sequence[bool], probabilities: Sequence[float], bins: int = CALIBRATION_BINS
) -> float | None:
    """Expected calibration error (Naeini et al. 2015) over `bins` bins of equal mass; None without input.

    With few posts a bin it is above 0 even for a perfect judge: read it beside how many there were.
    """
    if not len(probabilities):
        return None
    values, where = np.unique(np.asarray(probabilities, float), return_inverse=True)
    counts = np.bincount(where)
    # Whatever scores the same is alike to the judge, so each stands for their share.
    shares = np.repeat(np.bincount(where, weights=np.asarray(truth, float)) / counts, counts)
    gaps = np.repeat(values, counts) - shares
    return float(sum(abs(part.sum()) for part in np.array_split(gaps, bins)) / len(gaps))


def brier(truth: Sequence[bool], probabilities: Sequence[float]) -> float | None:
    """Mean squared error of probabilities (Brier 1950); None without input."""
    if not len(probabilities):
        return None
    return float(np.mean((np.asarray(probabilities, float) - np.asarray(truth, float)) ** 2))


def retrieved_at_1(similarities: np.ndarray, right: Sequence[int]) -> np.ndarray:
    """Of each row of an (n, m) matrix whether column `right` is the nearest: (n,) of 0 to 1, a tie shared out."""
    similarities = np.asarray(similarities, float)
    nearest = similarities == similarities.max(axis=1, keepdims=True)
    return nearest[np.arange(len(right)), list(right)] / nearest.sum(axis=1)


def retrieval_at_1(
    similarities: np.ndarray, right: Sequence[int], weights: Sequence[float] | None = None
) -> float | None:
    """Mean of `retrieved_at_1`, each row counted by its weight; None without rows."""
    if not len(right):
        return None
    return float(np.average(retrieved_at_1(similarities, right), weights=weights))


def mean_and_sd(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Mean and sample standard deviation of the known values; None where there is none, or but one to spread."""
    known = [value for value in values if value is not None]
    mean = float(np.mean(known)) if known else None
    return mean, float(np.std(known, ddof=1)) if len(known) > 1 else None


def _numbered(labels: Sequence[Hashable]) -> list[int]:
    """Labels of any type, None among them, as numbers."""
    number = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    return [number[label] for label in labels]
