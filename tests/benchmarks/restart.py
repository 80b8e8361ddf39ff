"""What one incident costs as it grows: a post's judgement early and late, and the time until a restart judges again.

    python tests/benchmarks/restart.py ../shared/data/pheme_dev.jsonl.gz [POSTS]

POSTS (100,000) real posts in one incident, repeated with new ids, authors and times where the file holds fewer. Their
vectors come from the tests' stand-in, which knows words only: the network costs the same however many posts are
stored, and would hide what does not. Prints processor milliseconds a post by stage, early and late, and the seconds
from opening the store to the first newly judged batch.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from ingest.normal_form import NormalForm
from ingest.source import Upsert
from ingest.sources.archive import Archive
from models.domain.incidents import Incident
from models.domain.posts import Post
from models.judgement.flows import FlowIndex
from models.judgement.incident_state import IncidentState
from models.judgement.pipeline import BATCH_POSTS, Pipeline
from models.store.duckdb.judgement import DuckDBJudgement
from models.store.duckdb.store import DuckDBStore
from tests.builders import LEARNT, PRESENT, WordsEncoder, a_clock, a_rule, an_incident, save

POSTS = 100_000
EARLY, MEASURED = 4_000, 2_000
STORED_TOGETHER = 5_000
STAGES: tuple[tuple[str, type, str], ...] = (
    ("read the next posts", DuckDBJudgement, "unjudged"),
    ("flows", FlowIndex, "place"),
    ("embed (stand-in)", WordsEncoder, "encode"),
    ("decide", IncidentState, "decide"),
    ("learn", IncidentState, "learn"),
    ("name", IncidentState, "note_events"),
    ("board", IncidentState, "put_up"),
    ("consolidate", IncidentState, "consolidate"),
    ("suggest", IncidentState, "suggestions"),
    ("save", Pipeline, "_save"),
)


def the_posts(file: Path, count: int) -> list[Post]:
    """The first posts of a file by their time, with a second helping a few years later where it has too few."""
    clock, normal_form = a_clock(), NormalForm("archive", b"key")
    items = (item for batch in Archive([file]).batches(None) for item in batch.items if isinstance(item, Upsert))
    read = [normal_form.read(item.record, clock) for item in items]
    once = sorted((post for post in read if post.created_at is not None), key=lambda post: post.created_at)
    span = once[-1].created_at - once[0].created_at + timedelta(days=1)
    return list(islice(_helpings(once, span), count))


def _helpings(once: list[Post], span: timedelta) -> Iterator[Post]:
    yield from once
    for number in range(1, POSTS):
        for post in once:
            above = {name: getattr(post, name) for name in ("reply_to", "root", "repost_of", "quote_of", "author")}
            moved = {name: f"{value}/{number}" for name, value in above.items() if value is not None}
            # A word of its own, so that it copies nothing of the helping before.
            text = f"{post.text} again{number}"
            at = post.created_at + number * span
            yield replace(post, **{**moved, "id": f"{post.id}/{number}", "text": text, "created_at": at})


def timed(method: Callable[..., Any], stage: str, spent: Counter[str]) -> Callable[..., Any]:
    """The method with a stopwatch of this process's own processor time."""

    @wraps(method)
    def stopped(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return method(*given, **named)
        finally:
            spent[stage] += time.process_time() - began

    return stopped


def judge(pipeline: Pipeline, upto: int, done: int, spent: Counter[str]) -> int:
    """Judge until so many posts are judged; how many are."""
    began = time.process_time()
    for batch in pipeline.batches(PRESENT):
        done += batch
        if done >= upto:
            break
    spent["whole"] += time.process_time() - began
    return done


def a_pipeline(store: DuckDBStore, incident: Incident) -> Pipeline:
    return Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule)


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit("Say which file: restart.py FILE [POSTS]")
    count = int(sys.argv[2]) if len(sys.argv) == 3 else POSTS
    posts = the_posts(Path(sys.argv[1]), count)
    spent: Counter[str] = Counter()
    for stage, owner, method in STAGES:
        setattr(owner, method, timed(getattr(owner, method), stage, spent))
    with tempfile.TemporaryDirectory() as folder:
        store = DuckDBStore(Path(folder), a_clock())
        incident = store.incidents.open(an_incident()).result()
        for first in range(0, len(posts), STORED_TOGETHER):
            save(store, incident, posts[first : first + STORED_TOGETHER])
        pipeline, done, costs = a_pipeline(store, incident), 0, []
        # The last two batches are left for the restart.
        late = count - MEASURED - 2 * BATCH_POSTS
        for start in (min(EARLY, late // 2), late):
            done = judge(pipeline, start, done, spent)
            spent.clear()
            began, done = done, judge(pipeline, start + MEASURED, done, spent)
            costs.append((done, {stage: 1_000 * each / (done - began) for stage, each in spent.items()}))
        store.close()
        began, processor = time.monotonic(), time.process_time()
        store = DuckDBStore(Path(folder), a_clock())
        if not next(iter(a_pipeline(store, incident).batches(PRESENT)), 0):
            sys.exit("Nothing was left to judge after the restart")
        restart, processor = time.monotonic() - began, time.process_time() - processor
        store.close()
    print(f"| milliseconds a post | {costs[0][0]:,} judged | {costs[1][0]:,} judged | ratio |\n|---|---|---|---|")
    for stage in (*(stage for stage, *_ in STAGES), "whole"):
        early, later = (cost.get(stage, 0.0) for _, cost in costs)
        print(f"| {stage} | {early:.3f} | {later:.3f} | {later / early if early else float('nan'):.2f} |")
    print(f"\nRestart at {done:,} posts: {restart:.1f} s until a batch was judged ({processor:.1f} s of processor)")


if __name__ == "__main__":
    main()
