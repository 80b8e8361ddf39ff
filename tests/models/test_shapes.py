"""The bench of shapes: its figures are those that acceptance uses, and each shape has its mean and its worst."""

import importlib.util
import json
import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from models.domain.rumours import EventKind, RumourEvent
from models.evaluation.gold import read_gold
from models.evaluation.likelihood import JudgedCluster
from models.evaluation.outcome import Outcome
from models.evaluation.regrouping import Pass, Regroupings, share_moved
from models.evaluation.results import Makings, Run
from models.evaluation.shapes import tables
from models.evaluation.shapes.figures import figures
from models.evaluation.shapes.incidents import Incident, Shape
from models.evaluation.shapes.invented import INVENTED
from models.evaluation.table import Column
from models.store.messages import FinalRow, JudgedPost, Judgement, Reassignment
from tests.builders import NOON, WordsEncoder, a_post

STORIES = ("dam", "bridge", "wolves", "army", None)
STANCES = ("support", "deny", "query", "comment")


@pytest.fixture
def scorer(shared_data) -> ModuleType:
    """What acceptance scores with: it is no part of the project."""
    path = shared_data.parent / "tools" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made_up(seed: int) -> tuple[list[dict], list[dict]]:
    """Labelled posts of every kind, and what a judge of middling skill wrote of them."""
    chance = random.Random(seed)
    labelled, judged = [], []
    up = {f"r{number}": chance.random() < 0.6 for number in range(9)}
    since = {rumour: NOON + timedelta(minutes=chance.randrange(90)) for rumour in up}
    likelihood = {rumour: chance.random() for rumour in up}
    for number in range(260):
        story = chance.choices(STORIES, (8, 5, 3, 1, 6))[0]
        kind = chance.choices(("post", "quote", "reply", "repost"), (6, 1, 3, 2))[0]
        official = chance.random() < 0.1
        text = f"post number {number} of {story}"
        links = {"reply": "reply_to", "quote": "quote_of", "repost": "repost_of"}
        record = {
            "id": f"p{number}",
            "collection": "flood",
            "kind": kind,
            "created_at": (NOON + timedelta(minutes=number / 2)).isoformat().replace("+00:00", "Z"),
            "text": text,
            "gold": {
                "event": "flood",
                "is_source": kind in ("post", "quote"),
                "is_rumour": story is not None,
                "story": story,
                "stance": chance.choice(STANCES) if story else chance.choice((None, "unrelated")),
                "official": official,
            },
        }
        if kind in links and number:
            record[links[kind]] = f"p{chance.randrange(number)}"
        labelled.append(record)
        place = STORIES.index(story)
        rumour = f"r{place + 4 * (chance.random() < 0.3)}" if chance.random() < 0.8 else f"r{chance.randrange(9)}"
        titled = labelled[chance.randrange(len(labelled))] if chance.random() < 0.05 else labelled[0]
        judged.append(
            {
                "id": record["id"],
                "rumour_first": rumour if chance.random() < 0.8 else f"r{chance.randrange(9)}",
                "rumour": rumour,
                "rumour_title": titled["text"].capitalize(),
                "rumour_likelihood": likelihood[rumour],
                "stance": chance.choice([record["gold"]["stance"], *STANCES, None]),
                "on_board_at": since[rumour].isoformat().replace("+00:00", "Z") if up[rumour] else None,
            }
        )
        if judged[-1]["stance"] == "unrelated":
            judged[-1]["stance"] = "comment"
    titles = {line["rumour"]: line["rumour_title"] for line in judged}
    return labelled, [{**line, "rumour_title": titles[line["rumour"]]} for line in judged]


def our_figures(labelled: list[dict], judged: list[dict], folder: Path) -> dict:
    file = folder / "labelled.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in labelled))
    ((event, posts),) = read_gold(file).items()
    rows = [
        FinalRow(
            seq=place,
            id=line["id"],
            flow=line["id"],
            rumour_first=line["rumour_first"],
            rumour=line["rumour"],
            title=line["rumour_title"],
            likelihood=line["rumour_likelihood"],
            stance=line["stance"],
            on_board_at=line["on_board_at"] and datetime.fromisoformat(line["on_board_at"]),
        )
        for place, line in enumerate(judged)
    ]
    return figures(Outcome(event, rows, (), 1.0), posts, WordsEncoder().encode)


@pytest.mark.parametrize("seed", range(4))
def test_our_figures_are_those_that_acceptance_scores_with(seed, scorer, tmp_path):
    labelled, judged = made_up(seed)
    theirs = scorer.scores(labelled, {line["id"]: line for line in judged})["flood"]
    ours = our_figures(labelled, judged, tmp_path)
    grouping, board, stance, likelihood = (ours[part] for part in ("grouping", "board", "stance", "likelihood"))
    for when, prefix in (("first", "first_"), ("end", "")):
        for their_name, our_name in (("b3_f1", "b_cubed_f1"), ("ami", "ami"), ("best", "best_match_f1")):
            assert grouping[prefix + our_name] == pytest.approx(theirs[when][their_name]), (when, our_name)
    same = ("put_up", "an_hour", "right", "early", "pieces", "stories_20", "coverage", "purity")
    for name in (*same, "official_titles", "official_rumours"):
        assert board[name] == pytest.approx(theirs["board"][name]), name
    assert board["never_up"] == pytest.approx(theirs["board"]["never_up"] / theirs["board"]["stories_20"])
    assert stance["free_macro_f1"] == pytest.approx(theirs["stance"]["free_standing"]["macro_f1"])
    assert stance["free_posts"] == theirs["stance"]["free_standing"]["n"]
    for label in STANCES:
        assert stance[f"free_{label}_recall"] == pytest.approx(theirs["stance"]["free_standing"]["recall"][label])
    assert stance["macro_f1"] == pytest.approx(theirs["stance"]["all"]["macro_f1"])
    assert stance["chart"] == pytest.approx(theirs["stance"]["chart"])
    for their_name, our_name in (("n", "posts"), ("base", "base_rate"), ("macro_f1", "macro_f1"), ("auprc", "auprc")):
        assert likelihood[our_name] == pytest.approx(theirs["likelihood"][their_name]), our_name


def test_a_rumour_named_by_a_denial_is_counted(tmp_path):
    labelled, _ = made_up(1)
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in labelled))
    (posts,) = read_gold(file).values()
    denial = next(post.id for post in posts if post.stance == "deny")
    claim = next(post.id for post in posts if post.stance == "support")
    rows = [FinalRow(0, post.id, post.id, "r", "r", "a title", 0.5, None, on_board_at=NOON) for post in posts]
    for titles, counted in (((denial,), 1), ((denial, claim), 0), ((), 0)):
        events = [RumourEvent("r", EventKind.TITLE, NOON, post=post) for post in titles]
        told = figures(Outcome("flood", rows, events, 1.0), posts, WordsEncoder().encode)
        assert told["board"]["answering_titles"] == counted


# --- regrouping --------------------------------------------------------------------------------------------------


def a_judgement(*, opened=(), moved=(), up=(), consolidated=False) -> Judgement:
    """One save: flows that open (flow, rumour), flows that move, rumours that come up."""
    return Judgement(
        "flood",
        1,
        [JudgedPost(a_post(), flow, flow, rumour, opens_flow=True) for flow, rumour in opened],
        [RumourEvent(rumour, EventKind.SURFACED, NOON) for rumour in up],
        reassigned=[Reassignment(flow, rumour) for flow, rumour in moved],
        consolidated=(NOON, 1) if consolidated else None,
    )


def test_a_regrouping_is_measured_by_the_flows_on_the_board_that_it_moves():
    followed = Regroupings()
    opened = [("a", "dam"), ("b", "dam"), ("c", "dam"), ("d", "dam"), ("e", "wolves"), ("f", "wolves")]
    followed.take(a_judgement(opened=opened, up=["dam"]))
    followed.take(a_judgement(moved=[("d", "bridge"), ("e", "bridge"), ("a", "dam")], consolidated=True))
    followed.take(a_judgement(consolidated=True))
    assert followed.passes == [Pass(4, 1), Pass(3, 0)]
    assert share_moved(followed.passes) == pytest.approx(0.125)


def test_a_pass_over_an_empty_board_moves_nothing_that_people_see():
    followed = Regroupings()
    followed.take(a_judgement(opened=[("a", "dam")], moved=[("a", "bridge")], consolidated=True))
    assert share_moved(followed.passes) is None


# --- tables ------------------------------------------------------------------------------------------------------


def test_each_shape_has_its_mean_and_its_worst():
    columns = (Column("f1", "F1"), Column("error", "error", best="less"), Column("posts", "posts", 0, best=None))
    told = {
        Shape.MIXED: {
            "flood": [{"f1": 0.2, "error": 0.1, "posts": 5}, {"f1": 0.4, "error": 0.3, "posts": 5}],
            "fire": [{"f1": 0.7, "error": None, "posts": 9}],
        },
        Shape.NIGHT: {"riot": [{"f1": 0.6, "error": 0.5, "posts": 1}], "unlabelled": [{}]},
        Shape.SMALL: {},
    }
    rows = {row.name: {key: cell.mean for key, cell in row.cells.items()} for row in tables.rows(told, columns)}
    assert list(rows) == [
        "mixed: flood",
        "mixed: fire",
        "**mixed, mean**",
        "**mixed, worst**",
        "night of like claims: riot",
        "**all but small, mean**",
        "**all but small, worst**",
    ]
    assert rows["**mixed, mean**"] == pytest.approx({"f1": 0.5, "error": 0.2, "posts": 7})
    assert rows["**all but small, mean**"] == pytest.approx({"f1": 1.6 / 3, "error": 0.35, "posts": 5})
    assert rows["**mixed, worst**"] == {"f1": pytest.approx(0.3), "error": pytest.approx(0.2), "posts": None}


def a_run(clusters: list[JudgedCluster], seed: int | None = None) -> Run:
    return Run("flood", seed, 1, None, {}, clusters, Makings("d", "c", "s", "w"))


def test_calibration_is_told_of_all_incidents_of_a_seed_together():
    sure, unsure = JudgedCluster(1.0, 3, 1, 0), JudgedCluster(0.5, 3, 0, 1)
    runs = {
        Shape.MIXED: {"flood": [a_run([sure], 1), a_run([unsure], 2)]},
        Shape.NIGHT: {"riot": [a_run([sure], 1), a_run([unsure], 2)]},
    }
    rows = {row.name: row.cells for row in tables.calibration(runs, "folds", 0.5).rows}
    assert list(rows) == ["mixed", "night of like claims", "**all**"]
    assert rows["**all**"]["clusters"].mean == 2
    assert rows["**all**"]["calibration_error"].mean == pytest.approx(0.25)


# --- incidents of our own making ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INVENTED)
def test_invented_incidents_are_in_order_labelled_and_the_same_each_time(name, tmp_path):
    records = INVENTED[name](name)
    assert records == INVENTED[name](name)
    assert [record["created_at"] for record in records] == sorted(record["created_at"] for record in records)
    assert len({record["author"] for record in records}) == len(records)
    Incident(name, Shape.SMALL, "A", records).write(tmp_path / "posts.jsonl")
    ((event, posts),) = read_gold(tmp_path / "posts.jsonl").items()
    assert event == name
    assert all(post.is_source and post.is_rumour is (post.story is not None) for post in posts)


def stories(name: str) -> Counter:
    return Counter(record["gold"]["story"] for record in INVENTED[name](name) if record["gold"]["story"])


def test_places_are_eight_claims_of_four_people_each():
    assert list(stories("places").values()) == [4] * 8


def test_the_storm_brings_twenty_claims_in_eleven_minutes_and_then_three_quiet_hours():
    records = INVENTED["storm"]("storm")
    claims = [datetime.fromisoformat(record["created_at"]) for record in records if record["gold"]["story"]]
    assert list(stories("storm").values()) == [5] * 20
    assert max(claims) - min(claims) <= timedelta(minutes=11)
    assert datetime.fromisoformat(records[-1]["created_at"]) - max(claims) > timedelta(hours=2.9)


def test_no_post_without_words_makes_a_claim():
    assert not stories("wordless")
    links = [record["text"] for record in INVENTED["wordless"]("wordless") if record["text"].startswith("https")]
    assert len(set(links)) == 150


def test_eight_claims_are_told_in_four_languages():
    told = stories("languages")
    assert list(told.values()) == [6] * 8
    assert Counter(story.split(":")[0] for story in told) == {"Polish": 2, "Urdu": 2, "Chinese": 2, "Welsh": 2}


def test_a_number_that_grows_is_one_claim_and_a_denied_one_another():
    stances = Counter(
        (record["gold"]["story"], record["gold"]["stance"]) for record in INVENTED["numbers"]("numbers")
    )
    hurt, dead = stories("numbers")
    assert stances[hurt, "support"] == 12
    assert stances[dead, "deny"] == 4
    assert np.all([not (story == hurt and stance != "support") for story, stance in stances])
