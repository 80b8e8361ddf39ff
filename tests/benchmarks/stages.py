"""How fast each stage of the judgement is, and the whole, on a labelled event with its replies.

    python tests/benchmarks/stages.py ../shared/data/pheme_dev.jsonl.gz ottawashooting

One run of `judge` by what ships, in a store of its own, with a stopwatch around each stage. A stage's posts a second
are those of the whole event over the time spent in that stage, whichever posts it had to look at, so that the stages'
times add up to the whole's.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.commands import judging
from ingest.running.worker import Worker
from ingest.sources.archive import Archive
from models.config import Settings
from models.judgement.embed import ChildEncoder
from models.judgement.flows import FlowIndex
from models.judgement.incident_state import IncidentState
from models.judgement.pipeline import Pipeline
from models.weights import PACKAGED

STAGES: tuple[tuple[str, type, str], ...] = (
    ("read and store", Worker, "save"),
    ("flows", FlowIndex, "place"),
    ("embed", ChildEncoder, "encode"),
    ("cluster: place", IncidentState, "decide"),
    ("tally, likelihood, wording", IncidentState, "learn"),
    ("name", IncidentState, "note_events"),
    ("surface", IncidentState, "put_up"),
    ("consolidate", IncidentState, "consolidate"),
    ("save judgements", Pipeline, "_save"),
    ("stance, read and saved", Pipeline, "read_stances"),
)


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("Say which file and which event: stages.py FILE EVENT")
    file, event = Path(sys.argv[1]), sys.argv[2]
    seconds: Counter[str] = Counter()
    for stage, owner, method in STAGES:
        setattr(owner, method, _timed(getattr(owner, method), stage, seconds))
    began = time.perf_counter()
    told = judging.judge_posts(Archive([file], collection=event), Settings(), PACKAGED, lambda done, posts: None)
    whole = time.perf_counter() - began
    print(f"{event}: {told.posts:,} posts, {sum(len(outcome.rows) for outcome in told.outcomes):,} judged\n")
    print("| stage | seconds | posts a second |\n|---|---|---|")
    rest = told.reading_seconds + told.judging_seconds - sum(seconds.values())
    rows = [(stage, seconds[stage]) for stage, *_ in STAGES]
    rows += [("the rest of both", rest), ("read and judged", told.reading_seconds + told.judging_seconds)]
    rows.append(("whole, models loaded and all", whole))
    for stage, spent in rows:
        print(f"| {stage} | {spent:.1f} | {told.posts / spent:,.0f} |")


def _timed(method: Callable[..., Any], stage: str, seconds: Counter[str]) -> Callable[..., Any]:
    @wraps(method)
    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return method(*given, **named)
        finally:
            seconds[stage] += time.perf_counter() - began

    return timed


if __name__ == "__main__":
    main()
