"""One run of the live pipeline over a file in a temporary store: what `judge` writes and `evaluate` scores."""

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dashboard.commands.incidents import CollectionIncidents
from ingest.normal_form import NormalForm
from ingest.running.pace import first_believed_time
from ingest.running.worker import Worker
from ingest.sources.archive import Archive
from ingest.times import EARLIEST
from models.clock import ReplayClock, SystemClock
from models.config import Settings
from models.evaluation.gold import without_gold
from models.evaluation.outcome import Outcome
from models.evaluation.regrouping import OverheardStore, Regroupings
from models.judgement.cpu import Precision
from models.judgement.embed import ChildEncoder
from models.judgement.incident_state import CONSOLIDATION_INTERVAL
from models.judgement.pipeline import Learnt, Pipeline
from models.judgement.surfacing import SurfacingRule
from models.measures.reading_account import Account, account_of
from models.store.duckdb.store import DuckDBStore
from models.weights import PACKAGED

Judged = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judging:
    """What came of a file: an outcome an incident, how many posts it held, how long it took, what became of all."""

    outcomes: list[Outcome]
    posts: int
    reading_seconds: float
    judging_seconds: float
    dead_letters: Mapping[str, int]
    account: Account


def judge_posts(source: Archive, settings: Settings, weights: Path, judged: Judged) -> Judging:
    """Read, judge and forget, by a folder of weights. `judged(done, of all)` is called after each batch.

    Stances are read in float32 on every machine, so that lines and figures made on two of them can be compared.
    """
    learnt = Learnt.load(weights)
    # Not every fold has a stance model: neither the grouping nor the likelihood looks at stances.
    reads_stances = weights == PACKAGED or (weights / "stance").is_dir()
    with (
        tempfile.TemporaryDirectory(prefix="grapevine-judge-") as folder,
        closing(ChildEncoder(weights, Precision.FLOAT32)) as encoder,
    ):
        ready = encoder.warm_up()
        present = SystemClock().now()
        # The clock moves with the posts alone, so that the same file gives the same lines on any day.
        clock = ReplayClock(first_believed_time(source, latest=present) or EARLIEST, latest=present)
        with closing(DuckDBStore(Path(folder), clock)) as store:
            incidents = CollectionIncidents(store, clock, settings.incident, source.name)
            normal_form = NormalForm(source.name, b"", settings.accounts.official)
            worker = Worker(source, store, normal_form, incidents.match, clock, name="judge")
            began = time.monotonic()
            posts = sum(worker.save(batch).new for batch in source.batches(None))
            read = time.monotonic()
            ready.result()
            outcomes, done = [], 0
            for incident in incidents.incidents.values():
                began_judging = time.monotonic()
                regroupings = Regroupings()
                overheard = OverheardStore(store, regroupings.take)
                pipeline = Pipeline(incident.id, overheard, encoder, learnt, lambda: SurfacingRule.by(settings.board))
                # What came last is consolidated too, as it is live once an interval has passed.
                for batch in pipeline.batches(clock.now() + CONSOLIDATION_INTERVAL):
                    done += batch
                    judged(done, posts)
                while reads_stances and pipeline.read_stances():
                    pass
                seconds = time.monotonic() - began_judging
                outcomes.append(
                    Outcome(
                        incident.name,
                        store.judgement.final_rows(incident.id),
                        store.judgement.events(incident.id),
                        seconds,
                        regroupings.passes,
                    )
                )
            return Judging(
                outcomes,
                posts,
                read - began,
                sum(one.seconds for one in outcomes),
                store.sources.dead_letters_by_reason(),
                account_of(store.sources.reading_counts()),
            )


def judge_labelled(file: Path, event: str | None, settings: Settings, weights: Path, judged: Judged) -> list[Outcome]:
    """What the pipeline decides of a labelled file, or of one event in it, when it is given no labels."""
    with tempfile.TemporaryDirectory(prefix="grapevine-stripped-") as folder:
        stripped = Path(folder) / "posts.jsonl"
        without_gold(file, stripped, event)
        return judge_posts(Archive([stripped]), settings, weights, judged).outcomes


def untuned_encoder() -> ChildEncoder:
    """MiniLM as published: what names are scored by and baselines group by, whatever our own encoder becomes."""
    return ChildEncoder(None)
