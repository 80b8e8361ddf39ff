"""What the whole judgement costs beside its encoder: the rates of both over one file, and what reading stances takes.

    python tests/benchmarks/judge_rate.py ../shared/data/written_harrow_lane.jsonl.gz
    python tests/benchmarks/judge_rate.py ../shared/data/pheme_dev.jsonl.gz ottawashooting

Both rates count the file's distinct free-standing texts, those of posts and quotes that answer nothing. The encoder
alone embeds each of them once, in the batches of the pipeline; `judge` goes through the whole file, with its replies
and copies, and reads every stance. Runs take turns, so that whatever else this computer does shows in both, and
medians are compared. All is float32. Reading and storing the posts counts as judging; loading models does not.
"""

import gzip
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import ClassVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.commands import judging
from ingest.sources.archive import Archive
from models.config import Settings
from models.judgement.cpu import Precision
from models.judgement.embed import ChildEncoder, read_or_spelt
from models.judgement.pipeline import BATCH_POSTS, STANCES_A_BATCH, Pipeline
from models.judgement.stance import Remark
from models.weights import PACKAGED

ROUNDS = 3


class MeteredEncoder(ChildEncoder):
    """Keeps the batches of remarks that it is asked for, and says what its child has used of the processor."""

    made: ClassVar[list["MeteredEncoder"]] = []

    def __init__(self, weights: Path | None, precision: Precision | None):
        super().__init__(weights, precision)
        self.asked: list[Sequence[Remark]] = []
        self.made.append(self)

    def stances(self, remarks: Sequence[Remark]) -> np.ndarray:
        self.asked.append(remarks)
        return super().stances(remarks)

    def cpu_seconds(self) -> float:
        return self._child.submit(time.process_time).result()


class MeteredPipeline(Pipeline):
    """Adds up what reading stances takes of the processor: the network's child and everything around it."""

    cpu_seconds: ClassVar[list[float]] = []

    def read_stances(self, *limit: int) -> int:
        began = self._cpu_seconds()
        try:
            return super().read_stances(*limit)
        finally:
            self.cpu_seconds[-1] += self._cpu_seconds() - began

    def _cpu_seconds(self) -> float:
        return time.process_time() + self._encoder.cpu_seconds()


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit("Say which file, and which event if it holds several: judge_rate.py FILE [EVENT]")
    file, event = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else None
    judging.ChildEncoder, judging.Pipeline = MeteredEncoder, MeteredPipeline
    texts = list(dict.fromkeys(_free_standing(file, event)))
    print(f"{event or file.name}: {len(texts):,} distinct free-standing texts")
    with closing(MeteredEncoder(PACKAGED, Precision.FLOAT32)) as encoder:
        # Both models are loaded, and kernels made, before anything is timed.
        encoder.encode(texts[:BATCH_POSTS])
        encoder.stances([Remark(text, None, texts[0]) for text in texts[:STANCES_A_BATCH]])
        embedding, judged = [_embedding_rate(encoder, texts)], []
        for _ in range(ROUNDS):
            judged.append(_judging_rate(file, event, len(texts)))
            embedding.append(_embedding_rate(encoder, texts))
        remarks = [list(batch) for batch in MeteredEncoder.made[-1].asked]
        embedding_cpu, network_cpu = (median(seconds) for seconds in zip(*_by_turns(encoder, remarks), strict=True))
    _print_rates("The encoder alone", embedding)
    _print_rates("judge, stances and all", judged)
    print(f"judge runs at {100 * median(judged) / median(embedding):.0f}% of the encoder's rate\n")
    stance_cpu = median(MeteredPipeline.cpu_seconds)
    print(f"{sum(map(len, remarks)):,} posts whose stance is read by the network, in processor seconds:")
    print(f"embedding them: {embedding_cpu:.2f}")
    print(f"reading their stances: {network_cpu:.2f}, {network_cpu / embedding_cpu:.2f} × as much")
    print(f"the same with finding and saving them: {stance_cpu:.2f}, {stance_cpu / embedding_cpu:.2f} × as much")


def _free_standing(file: Path, event: str | None) -> Iterator[str]:
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
        for post in map(json.loads, lines):
            stands_alone = post.get("kind", "post") in ("post", "quote") and not post.get("reply_to")
            if stands_alone and post.get("text") and event in (None, post.get("collection")):
                yield post["text"]


def _embedding_rate(encoder: ChildEncoder, texts: Sequence[str]) -> float:
    """Texts a second."""
    began = time.perf_counter()
    for first in range(0, len(texts), BATCH_POSTS):
        batch = texts[first : first + BATCH_POSTS]
        read_or_spelt(encoder, batch, [None] * len(batch))
    return len(texts) / (time.perf_counter() - began)


def _judging_rate(file: Path, event: str | None, texts: int) -> float:
    """Free-standing texts a second, over a run through the whole file."""
    MeteredPipeline.cpu_seconds.append(0.0)
    done = judging.judge_posts(Archive([file], collection=event), Settings(), PACKAGED, lambda done, posts: None)
    return texts / (done.reading_seconds + done.judging_seconds)


def _by_turns(encoder: MeteredEncoder, batches: Sequence[Sequence[Remark]]) -> list[tuple[float, float]]:
    """Processor seconds of embedding the posts of all batches, and of reading their stances; one pair a round."""
    rounds = []
    for _ in range(ROUNDS):
        embedding = stances = 0.0
        for batch in batches:
            began = encoder.cpu_seconds()
            encoder.encode([remark.text for remark in batch])
            between = encoder.cpu_seconds()
            encoder.stances(batch)
            embedding, stances = embedding + between - began, stances + encoder.cpu_seconds() - between
        rounds.append((embedding, stances))
    return rounds


def _print_rates(what: str, rates: Sequence[float]) -> None:
    each = ", ".join(f"{rate:.0f}" for rate in rates)
    print(f"{what}: {median(rates):.0f} texts a second (runs: {each})")


if __name__ == "__main__":
    main()
