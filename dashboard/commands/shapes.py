"""`grapevine evaluate shapes DIR`: incidents of every shape, each judged by weights that never saw it.

DIR holds the labelled files; what is made up, and the exercise, come with Grapevine.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from rich.progress import Progress

from dashboard.commands.evaluating import bar, kept_or_made, makings
from models.config import AccountSettings, Settings
from models.errors import InputError
from models.evaluation import likelihood, results
from models.evaluation.gold import LabelledPost, read_gold
from models.evaluation.results import Run
from models.evaluation.shapes.figures import figures
from models.evaluation.shapes.incidents import (
    CHATTER_TRAINED_ON,
    FOLDS_OF_EXERCISE,
    STANCES_APART,
    STANCES_TRAINED_ON,
    TRAINED_ON,
    Incident,
    Shape,
    incidents,
    left_out,
)
from models.evaluation.shapes.tables import Runs, tables
from models.evaluation.table import Table
from models.judgement.embed import Encoder
from models.weights import PACKAGED

SUBFOLDER = "shapes"
_EXERCISE_BEGINS = datetime(2025, 11, 20, 15, 30, tzinfo=UTC)


def exercises() -> list[Incident]:
    """The exercise in three seeds. Its services' posts are official."""
    from ingest.exercise.simulation import OFFICIAL_ACCOUNTS, exercise

    made = []
    for seed, fold in enumerate(FOLDS_OF_EXERCISE, start=1):
        records = exercise(seed=seed, start=_EXERCISE_BEGINS)
        labelled = [
            {**record, "gold": {**record["gold"], "official": record["author"] in OFFICIAL_ACCOUNTS}}
            for record in records
        ]
        made.append(Incident(f"exercise {seed}", Shape.EXERCISE, fold, labelled, OFFICIAL_ACCOUNTS))
    return made


@dataclass(frozen=True)
class ShapesBench:
    """The incidents of every shape, and all that judges them. `only` names one of them; None means all."""

    folder: Path
    weights: Path
    settings: Settings
    kept_in: Path
    untuned: Encoder
    progress: Progress
    only: str | None

    @cached_property
    def incidents(self) -> list[Incident]:
        every = incidents(self.folder, exercises())
        if self.only is None:
            return every
        named = [one for one in every if one.name == self.only]
        if not named:
            raise InputError(f"No incident {self.only!r}. The bench has: {', '.join(one.name for one in every)}.")
        return named

    @cached_property
    def code(self) -> str:
        """The digest of the code that judges and scores."""
        return results.digest_of_code()

    def shipped(self) -> list[Table]:
        """Every incident judged by what ships, or by the weights that were named."""
        digest = results.digest_of_folder(self.weights)
        ours = "shipped" if self.weights == PACKAGED else f"weights-{digest[:8]}"
        name = "the shipped weights" if self.weights == PACKAGED else self.weights.name
        runs = self._runs({one.name: [(None, self.weights, ours)] for one in self.incidents})
        return self._tables(runs, f"{name}, contaminated by what they were trained on")

    def left_out(self, seeds: Sequence[int]) -> list[Table]:
        """Every incident judged by folds that never saw it."""
        weights = {
            (fold, seed): self._fold(fold, seed)
            for fold in sorted({one.fold for one in self.incidents})
            for seed in seeds
        }
        runs = self._runs(
            {
                one.name: [(seed, weights[one.fold, seed], f"fold-seed{seed}") for seed in seeds]
                for one in self.incidents
            }
        )
        counted = "1 seed" if len(seeds) == 1 else f"{len(seeds)} seeds"
        return self._tables(runs, f"each incident left out, {counted}")

    def baselines(self) -> list[Table]:
        """What must be beaten; kept beside the runs. One incident has no others to choose a threshold on."""
        if self.only is not None:
            return []
        # Their libraries take seconds to load, which no other command should.
        from models.evaluation.shapes import baselines

        posts: dict[Shape, dict[str, Sequence[LabelledPost]]] = {}
        with tempfile.TemporaryDirectory(prefix="grapevine-shapes-") as folder:
            file = Path(folder) / "posts.jsonl"
            for incident in self.incidents:
                incident.write(file)
                (posts.setdefault(incident.shape, {})[incident.name],) = read_gold(file).values()
        tables = baselines.tables(posts)
        results.write_tables(self.kept_in / SUBFOLDER / "baselines.json", tables)
        return tables

    def _fold(self, fold: str, seed: int) -> Path:
        from models.training.folds import Fold, train_fold

        data = [self.folder / name for name in TRAINED_ON]
        told = bar(self.progress, f"training fold {fold}, seed {seed}")
        out = self.settings.data_dir / "folds" / f"shapes-{fold}"
        stances, apart, chatter = (
            [self.folder / name for name in names]
            for names in (STANCES_TRAINED_ON, STANCES_APART, CHATTER_TRAINED_ON)
        )
        return train_fold(Fold(left_out(fold), data, stances, apart, chatter), out, seed, told)

    def _runs(self, judges: dict[str, Sequence[tuple[int | None, Path, str]]]) -> Runs:
        """Each incident judged by its judges: (seed, weights, how the result is named)."""
        task = self.progress.add_task("incidents", total=sum(len(told) for told in judges.values()))
        runs: dict[Shape, dict[str, list[Run]]] = {}
        for incident in self.incidents:
            for seed, weights, ours in judges[incident.name]:
                run = self._run(incident, seed, weights, ours)
                runs.setdefault(incident.shape, {}).setdefault(incident.name, []).append(run)
                self.progress.advance(task)
        return runs

    def _run(self, incident: Incident, seed: int | None, weights: Path, ours: str) -> Run:
        from dashboard.commands.judging import judge_labelled

        settings = self.settings.model_copy(
            update={"accounts": AccountSettings(official=[*self.settings.accounts.official, *incident.official])}
        )
        with tempfile.TemporaryDirectory(prefix="grapevine-shapes-") as folder:
            file = Path(folder) / "posts.jsonl"
            incident.write(file)
            made_of = makings(settings, [file], self.code, results.digest_of_folder(weights))

            def make() -> Run:
                (posts,) = read_gold(file).values()
                told = bar(self.progress, f"judging {incident.name}")
                (outcome,) = judge_labelled(file, None, settings, weights, told)
                return Run(
                    incident.name,
                    seed,
                    len(outcome.rows),
                    None,
                    figures(outcome, posts, self.untuned.encode),
                    likelihood.clusters(outcome, posts),
                    made_of,
                )

            path = self.kept_in / SUBFOLDER / f"{results.file_name(incident.name)}-{ours}.json"
            return kept_or_made(path, made_of, make)

    def _tables(self, runs: Runs, judged_by: str) -> list[Table]:
        return tables(runs, judged_by, self.settings.board.least_likelihood)
