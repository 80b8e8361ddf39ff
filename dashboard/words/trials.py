"""Words of the trial of watch terms: what they would have matched lately, and what cannot be told."""

from collections.abc import Iterator, Sequence

from dashboard.words.local_time import hour_and_minute
from dashboard.words.shared import counted
from models.domain.incidents import Watch
from models.domain.sources import SourceState
from models.domain.trials import TermTrial, Trial

TRY = "Try terms"
TRY_HINT = "What they would have matched in the last ten minutes. Nothing of a post is kept to tell this."
HEADING = "What these terms would have matched"
TERM = "Term"
TOGETHER = "All together"
NO_TERMS = "Enter a term first."
NO_SOURCE = "No source is read by watch terms now, so it cannot be told what these would have matched."
CANNOT_BE_TOLD = "cannot be told"
NONE = "none"
TOO_WIDE = 0.2
# With fewer posts a share says nothing.
LEAST_POSTS = 50
ANSWERS = "Replies to a matching post, quotes and reposts of it come as well, and are not in these figures."
ABOUT = (
    "Figures come from counts of words, which are dropped after ten minutes; posts are not kept for them. A word's "
    "figure is about right. That of a phrase is the most that it can have been, since its words may have stood in "
    "other company."
)
NO_ACCOUNTS = "How much our own accounts would bring cannot be told, because authors are not counted."


def caption(trials: Sequence[Trial]) -> str:
    """Posts read since 14:02 that each term would have matched"""
    return f"Posts read since {hour_and_minute(min(one.since for one in trials))} that each term would have matched"


def column(trial: Trial) -> str:
    """bluesky: 4,310 posts"""
    return f"{trial.source}: {counted(trial.read, 'post')}"


def found(trial: Trial, one: TermTrial) -> str:
    """about 12; at most 3 (2 %); none; cannot be told"""
    if one.posts is None:
        return CANNOT_BE_TOLD
    return _figure(trial, one.posts, "at most" if one.at_most else "about")


def together(trial: Trial, watch: Watch) -> str:
    """all 310: every post of it is taken; 12 to 31"""
    if takes_all(trial.source, watch):
        return f"all {trial.read:,}: this source is taken whole"
    most = trial.at_most_together(with_places=watch.area is not None)
    if most is None:
        return CANNOT_BE_TOLD
    if len(trial.terms) == 1 and watch.area is None:
        return found(trial, trial.terms[0])
    least = trial.at_least_together()
    if least == most:
        return _figure(trial, most, "about")
    return f"about {trial.of_all(least):,} to {trial.of_all(most):,}" if least else _figure(trial, most, "at most")


def takes_all(source: str, watch: Watch) -> bool:
    return source in watch.sources or source.partition(":")[0] in watch.sources


def warnings(trials: Sequence[Trial], watch: Watch) -> Iterator[str]:
    """What is odd about a term: it would bring very much, or nothing."""
    for place, term in enumerate(watch.terms):
        told = [(trial, trial.terms[place]) for trial in trials]
        for trial, one in told:
            if one.posts is not None and trial.counted >= LEAST_POSTS and trial.share(one.posts) > TOO_WIDE:
                up_to = "up to" if one.at_most else "about"
                yield (
                    f"“{term}” would have matched {up_to} {trial.share(one.posts):.0%} of what {trial.source} "
                    "brought. That is very much. Use a longer word or a phrase."
                )
    nowhere = [
        term for place, term in enumerate(watch.terms) if not any(one.terms[place].posts != 0 for one in trials)
    ]
    if nowhere:
        quoted = [f"“{term}”" for term in nowhere]
        posts = counted(sum(trial.read for trial in trials), "post")
        yield (
            f"{' and '.join(filter(None, [', '.join(quoted[:-1]), quoted[-1]]))} would have matched none of {posts}. "
            "Check the spelling. Before anybody speaks of it, none is right."
        )


def not_told(trials: Sequence[Trial], watch: Watch, sources: Sequence[SourceState]) -> Iterator[str]:
    """What cannot be told, and why."""
    by_terms = {trial.source: trial for trial in trials}
    for source in sources:
        if (why := _why_not(source, by_terms.get(source.name))) is not None:
            yield f"{source.name}: cannot be told, because {why}."
    for trial in trials:
        if 0 < trial.counted < trial.read:
            yield (
                f"{trial.source}: {trial.counted:,} of {counted(trial.read, 'post')} were counted. "
                "The figures are estimates for all of them."
            )
        if watch.area is not None and trial.counted:
            yield (
                f"{trial.source}: {counted(trial.with_place, 'post')} gave a place. How many of these lie in the "
                "area cannot be told, because places are not kept. They count in the higher figure."
            )
    if watch.accounts:
        yield NO_ACCOUNTS


def _why_not(source: SourceState, trial: Trial | None) -> str | None:
    if not source.switchable:
        return None
    if trial is None:
        return "its posts reach incidents by their collection, not by terms"
    if trial.counted:
        return None
    return "it brought no posts in the last ten minutes" if source.running else "it is not being read"


def _figure(trial: Trial, posts: int, how: str) -> str:
    if not posts:
        return NONE
    percent = f"{trial.share(posts):.1%}" if trial.share(posts) >= 0.001 else "under 0.1%"
    return f"{how} {trial.of_all(posts):,} ({percent})"
