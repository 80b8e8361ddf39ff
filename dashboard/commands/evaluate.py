"""`grapevine evaluate`: how good the judgement is on labelled posts, each event judged by what never saw it.

An event is judged by a *fold*: weights trained with everything of that event left out, once a seed. Apart from that
stands what ships, marked contaminated, since it was trained on these very events. The pipeline gets files without
labels; figures of every run are kept, so that a run whose makings are unchanged is not repeated.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import Progress

from dashboard.commands.evaluating import TRAINED, bar, kept_or_made, makings
from dashboard.commands.options import Collection, Config, settings_from
from dashboard.commands.shapes import ShapesBench
from dashboard.commands.terminal import console, out, progress_bars
from models.config import Settings
from models.errors import InputError
from models.evaluation import early, likelihood, naming, results, rumours, stance
from models.evaluation.gold import LabelledPost, read_gold
from models.evaluation.outcome import Outcome
from models.evaluation.results import Makings, Run
from models.evaluation.table import Table
from models.judgement.embed import Encoder
from models.weights import PACKAGED, checked

LEAST_STORIES = 2


class Question(StrEnum):
    SHAPES = "shapes"
    RUMOURS = "rumours"
    STANCE = "stance"
    LIKELIHOOD = "likelihood"
    NAMING = "naming"
    EARLY = "early"


def evaluate(
    question: Annotated[Question, typer.Argument(help="What to score.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="Labelled posts in the interchange form: .jsonl or .jsonl.gz; for shapes the folder of such files."
        ),
    ],
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Labelled files to train the folds on. Default: FILE.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many folds for each event, each with its own seed.")] = 5,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Score only the shipped weights; train no folds.")
    ] = False,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="A weights folder to score instead of the shipped one.", file_okay=False),
    ] = None,
    kept_in: Annotated[
        Path | None,
        typer.Option(
            "--results", help="Where to keep the figures of each run. Default: in the package.", file_okay=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    collection: Collection = None,
    config: Config = None,
) -> None:
    """Score the judgement against human labels. Grapevine ships no labelled posts; bring your own."""
    from dashboard.commands.judging import untuned_encoder

    settings, _ = settings_from(config)
    judged_by, kept_in = weights or PACKAGED, kept_in or results.PACKAGED
    # The untuned encoder's child starts with the first text, if at all.
    with progress_bars() as progress, closing(untuned_encoder()) as untuned:
        if question is Question.SHAPES:
            shapes = ShapesBench(file, judged_by, settings, kept_in, untuned, progress, collection)
            tables = [] if shipped else shapes.left_out(range(1, seeds + 1))
            tables += [*shapes.shipped(), *shapes.baselines()]
        else:
            events = read_gold(file)
            if collection is not None:
                events = {collection: _of_collection(events, collection, file)}
            whole = collection is None
            bench = _Bench(file, events, data or [file], judged_by, settings, kept_in, untuned, progress, whole)
            if question is Question.STANCE:
                tables = bench.stance()
            else:
                tables = [] if shipped else bench.left_out(question, range(1, seeds + 1))
                tables += [*bench.shipped(question), *bench.baselines(question)]
    if as_json:
        report = {"question": question.value, "file": file.name, "tables": [table.as_json() for table in tables]}
        out.print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        out.print("\n\n".join(table.as_markdown() for table in tables))


@dataclass(frozen=True)
class _Bench:
    """One labelled file with its events, and all that judges it."""

    file: Path
    events: dict[str, list[LabelledPost]]
    data: Sequence[Path]
    weights: Path
    settings: Settings
    kept_in: Path
    untuned: Encoder
    progress: Progress
    # Whether no collection of the file was left out.
    whole: bool

    def left_out(self, question: Question, seeds: Sequence[int]) -> list[Table]:
        """Each event judged by folds that never saw it. An event of one story is left to what ships."""
        events = [event for event, posts in self.events.items() if _stories(posts) >= LEAST_STORIES]
        made_of = makings(self.settings, [self.file, *self.data], results.digest_of_code(), TRAINED)
        task = self.progress.add_task("folds", total=len(events) * len(seeds))
        runs: dict[str, list[Run]] = {event: [] for event in events}
        for event in events:
            for seed in seeds:
                runs[event].append(self._run(event, seed, made_of, lambda e=event, s=seed: self._fold(e, s)))
                self.progress.advance(task)
        if not events:
            console.print(f"{self.file.name}: no event has two stories or more, so no folds are judged.")
            return []
        counted = "1 seed" if len(seeds) == 1 else f"{len(seeds)} seeds"
        return [self._table(question, runs, f"{question.value.capitalize()}: each event left out, {counted}")]

    def shipped(self, question: Question) -> list[Table]:
        """Every event judged by what ships."""
        made_of = makings(
            self.settings, [self.file], results.digest_of_code(), results.digest_of_folder(self.weights)
        )
        runs = {event: [self._run(event, None, made_of, lambda: self.weights)] for event in self.events}
        name = "the shipped weights" if self.weights == PACKAGED else self.weights.name
        return [self._table(question, runs, f"{question.value.capitalize()}: {name}, contaminated by these events")]

    def baselines(self, question: Question) -> list[Table]:
        """What must be beaten. Nothing is known to name rumours, or to be early, without a clusterer."""
        # Their libraries take seconds to load, which no other command should.
        from models.evaluation import baselines, trivial

        if question is Question.LIKELIHOOD:
            return trivial.likelihood_judges(self.events)
        events = {event: posts for event, posts in self.events.items() if _stories(posts) >= LEAST_STORIES}
        if question is not Question.RUMOURS or not events:
            return []
        streams = []
        for event, posts in events.items():
            sources = [post for post in posts if post.is_source]
            texts = [post.text for post in sources]
            vectors = self.untuned.encode(texts).astype(np.float32)
            streams.append(baselines.Stream(event, [post.story for post in sources], texts, vectors))
        return [baselines.rumour_baselines(streams, f"Rumours: baselines, means of {len(streams)} events")]

    def stance(self) -> list[Table]:
        """The whole file judged by what ships, and by what must be beaten."""
        from models.evaluation import trivial

        if not any(post.stance for posts in self.events.values() for post in posts):
            raise InputError(f"{self.file}: no post has a gold stance. RumourEval files have them.")
        checked(self.weights, "stance")
        judged = self._stances(self.weights, "judging")
        name = "shipped" if self.weights == PACKAGED else self.weights.name
        tables = stance.tables(name, judged, trivial.stance_judges(self.events), "Stance")
        # README.md of models/evaluation shows them: what ships, on a whole file.
        if self.weights == PACKAGED and self.whole:
            results.write_tables(
                self.kept_in / f"stance-{results.file_name(self.file.name.split('.')[0])}.json", tables
            )
        return tables

    def _stances(self, weights: Path, what: str) -> list[tuple[str, str]]:
        only = next(iter(self.events)) if len(self.events) == 1 else None
        outcomes = self._judge(only, weights, what)
        return [
            pair
            for outcome in outcomes
            if outcome.event in self.events
            for pair in stance.pairs(outcome, self.events[outcome.event])
        ]

    def _run(self, event: str, seed: int | None, made_of: Makings, weights: Callable[[], Path]) -> Run:
        ours = "shipped" if self.weights == PACKAGED else f"weights-{made_of.weights[:8]}"
        path = self.kept_in / f"{results.file_name(event)}-{ours if seed is None else f'seed{seed}'}.json"

        def make() -> Run:
            trained, posts = weights(), self.events[event]
            name = event if seed is None else f"{event}, seed {seed}"
            outcomes = self._judge(event, trained, f"judging {name}")
            # An event of which nothing could be read has no outcome, and scoring says what is missing.
            outcome = outcomes[0] if outcomes else Outcome(event, (), (), 0.0)
            figures = {
                Question.RUMOURS.value: rumours.figures(outcome, posts),
                Question.NAMING.value: naming.figures(outcome, posts, self.untuned.encode),
                Question.EARLY.value: early.figures(outcome, posts),
            }
            clusters = likelihood.clusters(outcome, posts)
            return Run(event, seed, len(outcome.rows), outcome.seconds, figures, clusters, made_of)

        return kept_or_made(path, made_of, make)

    def _judge(self, event: str | None, weights: Path, what: str) -> list[Outcome]:
        """What the pipeline decides of an event of the file, or of all of it; `what` names the bar."""
        from dashboard.commands.judging import judge_labelled

        return judge_labelled(self.file, event, self.settings, weights, bar(self.progress, what))

    def _fold(self, event: str, seed: int) -> Path:
        from models.training.folds import Fold, train_fold

        folder = self.settings.data_dir / "folds" / results.file_name(event)
        told = bar(self.progress, f"training without {event}, seed {seed}")
        return train_fold(Fold([event], self.data), folder, seed, told)

    def _table(self, question: Question, runs: dict[str, list[Run]], title: str) -> Table:
        if question is Question.LIKELIHOOD:
            clusters = {event: [run.clusters for run in of_event] for event, of_event in runs.items()}
            return likelihood.table(clusters, self.settings.board.least_likelihood, title)
        scoring = {Question.RUMOURS: rumours, Question.NAMING: naming, Question.EARLY: early}[question]
        return scoring.table(
            {event: [run.figures[question.value] for run in of_event] for event, of_event in runs.items()}, title
        )


def _of_collection(events: dict[str, list[LabelledPost]], collection: str, file: Path) -> list[LabelledPost]:
    if collection not in events:
        raise InputError(f"{file}: no collection {collection!r}. It has: {', '.join(sorted(events))}.")
    return events[collection]


def _stories(posts: Sequence[LabelledPost]) -> int:
    return len({post.story for post in posts if post.is_source and post.story is not None})
