"""What one run of the pipeline is worth: gold and outcome → figures, and the tables that people read."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from models.domain.rumours import EventKind, RumourEvent
from models.errors import InputError
from models.evaluation import baselines, early, likelihood, naming, rumours, stance, trivial
from models.evaluation.gold import LabelledPost
from models.evaluation.likelihood import JudgedCluster
from models.evaluation.outcome import Outcome
from models.store.messages import FinalRow
from tests.builders import NOON, WordsEncoder


def at(minute: float):
    return NOON + timedelta(minutes=minute)


def a_labelled(number: int, story: str | None = "dam", **changes) -> LabelledPost:
    """Source post `number`, of that minute; without a story it is no rumour."""
    fields = {
        "id": f"p{number}",
        "event": "flood",
        "text": f"text {number}",
        "author": f"a{number}",
        "moment": at(number),
        "thread": f"p{number}",
        "answers": False,
        "is_source": True,
        "is_rumour": story is not None,
        "story": story,
        "stance": None,
    }
    return LabelledPost(**{**fields, **changes})


def a_row(number: int, rumour: str = "r", **changes) -> FinalRow:
    fields = {
        "seq": number,
        "id": f"p{number}",
        "flow": f"f{number}",
        "rumour_first": rumour,
        "rumour": rumour,
        "title": "the dam has burst",
        "likelihood": 0.5,
        "stance": "comment",
    }
    return FinalRow(**{**fields, **changes})


def an_outcome(rows, events=()) -> Outcome:
    return Outcome("flood", list(rows), list(events), 1.0)


def surfaced(rumour: str, minute: float) -> RumourEvent:
    return RumourEvent(rumour, EventKind.SURFACED, at(minute))


def merged(rumour: str, into: str, minute: float) -> RumourEvent:
    return RumourEvent(rumour, EventKind("merged"), at(minute), detail={"into": into, "by": "model"})


def early_of(stories, held, events):
    """Figures of posts p0, p1, … a minute apart: their stories, and the rumours that hold them."""
    posts = [a_labelled(number, story) for number, story in enumerate(stories)]
    return early.figures(an_outcome([a_row(number, rumour) for number, rumour in enumerate(held)], events), posts)


# --- rumours -----------------------------------------------------------------------------------------------------


def test_replies_are_not_scored_as_rumours():
    reply = a_labelled(9, "dam", is_source=False, thread="p0")
    posts = [a_labelled(0, "dam"), a_labelled(1, "bridge"), reply]
    figures = rumours.figures(an_outcome([a_row(0, "r"), a_row(1, "s"), a_row(9, "s")]), posts)
    assert (figures["posts"], figures["b_cubed_f1"]) == (2, 1.0)


def test_first_judgement_and_consolidation_are_told_apart():
    posts = [a_labelled(0), a_labelled(1), a_labelled(2, "bridge")]
    rows = [a_row(0, "r"), a_row(1, "r", rumour_first="s"), a_row(2, "t")]
    figures = rumours.figures(an_outcome(rows), posts)
    assert figures["first_b_cubed_f1"] < figures["b_cubed_f1"] == 1.0


def test_a_labelled_post_that_was_not_judged_is_an_error_and_no_figure():
    with pytest.raises(InputError, match="1 labelled posts were not judged, p1"):
        rumours.figures(an_outcome([a_row(0)]), [a_labelled(0), a_labelled(1)])


# --- early -------------------------------------------------------------------------------------------------------


def test_a_story_is_early_that_is_on_the_board_by_its_fifth_post():
    for minute, caught in ((4, 1.0), (4.5, 0.0)):
        figures = early_of(["dam"] * 6, ["r"] * 6, [surfaced("r", minute)])
        assert (figures["caught"], figures["ever"]) == (caught, 1.0)


def test_minutes_run_from_a_storys_first_post_to_the_board():
    assert early_of(["dam"] * 6, ["r"] * 6, [surfaced("r", 3)])["minutes"] == 3.0


@pytest.mark.parametrize(("holders", "ever"), [("srsrsr", 1.0), ("ssrssr", 0.5)])
def test_half_of_the_storys_posts_so_far_are_enough_and_fewer_are_not(holders, ever):
    # Rumour r is the bridge's own, so that it holds the dam by its share of it alone.
    figures = early_of(["bridge"] * 9 + ["dam"] * 6, ["r"] * 9 + list(holders), [surfaced("r", 0)])
    assert figures["ever"] == ever


def test_a_rumour_that_swallows_everything_is_no_storys_own():
    figures = early_of(["bridge"] * 6 + ["dam"] * 5, ["r"] * 11, [surfaced("r", 0)])
    assert (figures["caught"], figures["caught_own"]) == (1.0, 0.5)


def test_a_merge_counts_from_when_it_happened():
    stories, held = ["dam"] * 6, [*"sssstt"]
    before = early_of(stories, held, [surfaced("r", 0), merged("s", "r", 3)])
    after = early_of(stories, held, [surfaced("r", 0), merged("s", "r", 5)])
    assert (before["caught"], after["caught"]) == (1.0, 0.0)


def test_before_the_first_denial_means_before_any_reply_denied_it():
    reply = a_labelled(6, is_source=False, thread="p0", moment=at(2.5))
    posts = [*(a_labelled(number) for number in range(6)), reply]
    rows = [*(a_row(number) for number in range(6)), a_row(6, stance="deny")]
    for minute, share in ((2, 1.0), (3, 0.0)):
        assert early.figures(an_outcome(rows, [surfaced("r", minute)]), posts)["before_denial"] == share


def test_where_no_stance_was_judged_nobody_knows_who_came_before_a_denial():
    posts = [a_labelled(number) for number in range(6)]
    rows = [a_row(number, stance=None) for number in range(6)]
    assert early.figures(an_outcome(rows, [surfaced("r", 2)]), posts)["before_denial"] is None


def test_alerts_are_counted_over_the_hours_that_brought_posts():
    posts = [a_labelled(0), a_labelled(1), a_labelled(2, None, moment=at(600))]
    rows = [a_row(0, "r", on_board_at=at(1)), a_row(1, "r", on_board_at=at(1)), a_row(2, "s", on_board_at=at(600))]
    events = [surfaced("r", 1), surfaced("s", 600)]
    figures = early.figures(an_outcome(rows, events), posts)
    assert (figures["per_busy_hour"], figures["most_in_an_hour"], figures["right"]) == (1.0, 1, 0.5)


# --- likelihood --------------------------------------------------------------------------------------------------


def test_a_cluster_is_a_rumour_where_more_than_half_of_its_source_posts_are():
    reply = a_labelled(3, None, is_source=False, author="a0")
    posts = [a_labelled(0), a_labelled(1, None), a_labelled(2), reply]
    (cluster,) = likelihood.clusters(an_outcome(a_row(number) for number in range(4)), posts)
    assert cluster == JudgedCluster(0.5, people=3, rumour_posts=2, other_posts=1)
    assert cluster.is_rumour
    assert not JudgedCluster(0.5, people=3, rumour_posts=1, other_posts=1).is_rumour


def test_posts_are_scored_by_their_rumours_likelihood_and_clusters_once():
    judged = [JudgedCluster(0.9, 3, 4, 0), JudgedCluster(0.2, 3, 0, 2), JudgedCluster(0.8, 2, 0, 1)]
    figures = likelihood.figures(judged, threshold=0.5)
    assert (figures["posts"], figures["clusters"]) == (7, 2)
    # Of the posts one of five is wrongly told a rumour; of the clusters, the one of two people does not count.
    assert figures["f1"] == pytest.approx(2 * (4 / 5) / (1 + 4 / 5))
    assert (figures["cluster_macro_f1"], figures["precision_at_10"]) == (1.0, 0.5)


def test_a_rumour_that_was_never_scored_is_unknown_and_not_unlikely():
    assert likelihood.figures([JudgedCluster(None, 9, 5, 0)], threshold=0.5)["posts"] == 0


def test_calibration_is_told_over_all_events_together():
    runs = {"a": [[JudgedCluster(0.5, 3, 1, 0)]], "b": [[JudgedCluster(0.5, 3, 0, 1)]]}
    rows = {row.name: row.cells["calibration_error"].mean for row in likelihood.table(runs, 0.5, "x").rows}
    assert rows == {"a": 0.5, "b": 0.5, "all together": 0.0}


# --- naming ------------------------------------------------------------------------------------------------------


def encode(texts):
    return WordsEncoder().encode(texts)


def test_a_title_that_is_nearest_to_its_story_is_found():
    stories = ["the dam has burst"] * 3 + ["wolves roam the park"] * 3
    posts = [a_labelled(number, story) for number, story in enumerate(stories)]
    rows = [a_row(number, "r", title="hearing the dam has burst!!") for number in range(3)]
    rows += [a_row(number, "s", title="the dam has burst, they say") for number in range(3, 6)]
    figures = naming.figures(an_outcome(rows), posts, encode)
    assert (figures["named"], figures["retrieval_at_1"]) == (2, 0.5)


def test_a_rumour_without_a_storys_majority_or_of_two_posts_is_not_in_the_population():
    posts = [a_labelled(n, story) for n, story in enumerate(["dam", None, "bridge", "bridge", "bridge"])]
    rows = [*(a_row(n, "r") for n in range(3)), a_row(3, "s"), a_row(4, "s")]
    figures = naming.figures(an_outcome(rows), posts, encode)
    assert (figures["named"], figures["retrieval_at_1"]) == (0, None)


def test_a_title_is_stable_that_does_not_change_after_the_tenth_post():
    posts = [a_labelled(number) for number in range(12)]
    rows = [a_row(number) for number in range(12)]
    for minute, stable in ((9, 1.0), (10, 0.0)):
        renamed = RumourEvent("r", EventKind.TITLE, at(minute), post="p1")
        assert naming.figures(an_outcome(rows, [renamed]), posts, encode)["stable"] == stable


# --- stance ------------------------------------------------------------------------------------------------------


def test_a_post_without_a_judged_stance_is_wrong_and_not_left_out():
    posts = [a_labelled(0, stance="deny"), a_labelled(1, stance="comment"), a_labelled(2)]
    pairs = stance.pairs(an_outcome([a_row(0, stance=None), a_row(1), a_row(2)]), posts)
    assert pairs == [("deny", stance.UNJUDGED), ("comment", "comment")]
    assert stance.figures(pairs)["deny_recall"] == 0.0
    assert stance.confusion(pairs, "x").rows[1].cells[stance.UNJUDGED].mean == 1


def test_trivial_judges_of_stance_learn_on_other_events_only():
    posts = {
        event: [a_labelled(number, event=event, stance=label, text="is this true?") for number in range(3)]
        for event, label in (("flood", "query"), ("fire", "support"))
    }
    judged = trivial.stance_judges(posts)
    assert judged["commonest of its place, learnt on the other events"][0] == ("query", "support")
    assert judged["cue words"][0] == ("query", "query")
    assert {found for _, found in judged["always comment"]} == {"comment"}


# --- baselines ---------------------------------------------------------------------------------------------------


def a_stream(event: str = "flood") -> baselines.Stream:
    texts = [
        f"{claim} {word}"
        for claim in ("dam burst northgate valley", "wolves escaped zoo park")
        for word in ("hearing", "apparently", "omg", "really", "police")
    ]
    return baselines.Stream(event, ["dam"] * 5 + ["wolves"] * 5, texts, WordsEncoder().encode(texts).astype("f4"))


@pytest.mark.parametrize("baseline", baselines.BASELINES[2:], ids=lambda baseline: baseline.name)
def test_a_baseline_groups_what_is_alike_and_parts_what_is_not(baseline):
    (labels,) = baseline.group(a_stream(), [0.3])
    assert sorted(Counter(labels).values()) == [5, 5]
    assert len(set(labels[:5])) == 1


@pytest.mark.parametrize("baseline", baselines.BASELINES[2:6], ids=lambda baseline: baseline.name)
def test_a_baseline_of_one_pass_does_not_look_ahead(baseline):
    whole = a_stream()
    part = baselines.Stream("flood", whole.stories[:7], whole.texts[:7], whole.vectors[:7])
    assert baseline.group(whole, [0.4])[0][:7] == baseline.group(part, [0.4])[0]


def test_the_words_of_later_posts_weigh_nothing_yet():
    texts = a_stream().texts
    assert (baselines.tf_idf_of_stream(texts)[:7, :7] == baselines.tf_idf_of_stream(texts[:7])).all()


def test_a_threshold_is_chosen_on_the_other_events_or_called_flattered(monkeypatch):
    def right_at_its_own(stream, thresholds):
        own = 0.1 if stream.event == "flood" else 0.9
        return [[int(threshold == own and story == "dam") for story in stream.stories] for threshold in thresholds]

    monkeypatch.setattr(baselines, "BASELINES", [baselines.Baseline("b", right_at_its_own, (0.1, 0.9))])
    rows = {
        row.name: row.cells["ami"].mean
        for row in baselines.rumour_baselines([a_stream(), a_stream("fire")], "x").rows
    }
    assert rows == {"b, flattered": pytest.approx(0.5), "b": pytest.approx(0.0)}


def test_all_in_one_finds_nothing_and_each_its_own_finds_no_group():
    rows = {row.name: row.cells for row in baselines.rumour_baselines([a_stream(), a_stream("fire")], "x").rows}
    assert rows["all in one"]["ami"].mean == pytest.approx(0.0)
    assert (rows["each its own"]["groups"].mean, rows["each its own"]["b_cubed_f1"].mean) == (
        10,
        pytest.approx(1 / 3),
    )
    assert "running centroids, MiniLM" in rows
    assert "running centroids, MiniLM, flattered" in rows


def test_likelihood_baselines_are_trained_on_the_other_events():
    posts = {
        event: [
            a_labelled(n, "x" if n % 2 else None, event=event, text=word if n % 2 else "calm news") for n in range(8)
        ]
        for event, word in (("flood", "panic now"), ("fire", "panic now"), ("storm", "unheard of"))
    }
    tables = {
        table.title.split(": ")[1]: {row.name: row.cells for row in table.rows}
        for table in trivial.likelihood_judges(posts)
    }
    words = tables["tf-idf and logistic regression"]
    assert words["flood"]["macro_f1"].mean == 1.0
    assert tables["all rumour"]["mean of 3"]["f1"].mean == pytest.approx(2 / 3)


def test_vectors_rounded_beyond_one_do_not_break_offline_linkage():
    near = np.full((3, 3), 1.001, np.float32)
    assert len(set(baselines.average_linkage(near, [0.5])[0])) == 1
