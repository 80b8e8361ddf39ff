"""What stands around the figures: labelled files, the tables that people read, and the results that are kept."""

import json

import pytest

from models.errors import InputError
from models.evaluation import gold as gold_labels
from models.evaluation import results
from models.evaluation.gold import read_gold, without_gold
from models.evaluation.likelihood import JudgedCluster
from models.evaluation.table import Cell, Column, Row, Table, row_of, rows_of_events
from models.training.labelled import records


def test_a_table_shows_means_spread_and_what_is_unknown():
    columns = (Column("f1", "F1", 2), Column("n", "posts", 0))
    runs = {"a": [{"f1": 0.4, "n": 1_000}, {"f1": 0.6, "n": 1_000}], "b": [{"f1": None, "n": 1}, {"f1": 0.8, "n": 1}]}
    table = Table("T", "event", columns, rows_of_events(runs, columns))
    assert table.as_markdown().splitlines()[4:] == [
        "| a | 0.50 ± 0.14 | 1,000 |",
        "| b | 0.80 | 1 |",
        "| mean of 2 | 0.55 ± 0.21 | 500 |",
    ]
    assert json.loads(json.dumps(table.as_json()))["rows"][1]["f1"] == {"mean": 0.8, "sd": None}


def test_a_row_of_one_run_has_no_spread():
    assert row_of("x", {"f1": 0.5}).cells["f1"].sd is None


def test_gold_is_read_by_event_with_stream_time(tmp_path):
    file = tmp_path / "posts.jsonl"
    lines = [
        {"id": "1", "collection": "flood", "created_at": "2026-11-20T12:05:00Z", "gold": {"is_source": True}},
        {
            "id": "2",
            "collection": "flood",
            "created_at": "2026-11-20T12:00:00Z",
            "root": "1",
            "gold": {"stance": "deny"},
        },
        {"id": "2", "collection": "flood", "gold": {"stance": "query"}},
        {"id": "3", "created_at": "nonsense", "kind": "reply", "gold": {"story": ""}},
        {"id": "4", "collection": "flood"},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    events = read_gold(file)
    assert {event: [post.id for post in posts] for event, posts in events.items()} == {
        "flood": ["1", "2"],
        "no collection": ["3"],
    }
    first, second = events["flood"]
    assert (second.moment, second.thread, second.stance) == (first.moment, "1", "deny")
    assert (events["no collection"][0].moment, events["no collection"][0].story) == (None, None)


@pytest.mark.parametrize("content", ["", '{"id": "1"}\n', "not json\n", "[1]\n"])
def test_a_file_without_labels_is_told_in_one_line(tmp_path, content):
    file = tmp_path / "posts.jsonl"
    file.write_text(content)
    with pytest.raises(InputError) as told:
        read_gold(file)
    assert len(str(told.value).splitlines()) == 1
    with pytest.raises(InputError):
        read_gold(tmp_path / "absent.jsonl")


def test_a_stripped_file_holds_no_labels_and_only_its_event(tmp_path):
    file, out = tmp_path / "posts.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": name, "collection": name, "text": "x", "gold": {"story": "secret"}} for name in "ab"]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    without_gold(file, out, "b")
    assert json.loads(out.read_text()) == {"id": "b", "collection": "b", "text": "x"}


def a_run(**changes) -> results.Run:
    makings = results.Makings("data", "code", "settings", "weights")
    fields = {
        "event": "flood",
        "seed": 1,
        "posts": 2,
        "seconds": 0.5,
        "made_of": makings,
        "figures": {"rumours": {"ami": 0.5, "ari": None}},
        "clusters": [JudgedCluster(None, 3, 1, 0)],
    }
    return results.Run(**{**fields, **changes})


def test_a_run_is_read_back_as_it_was_kept(tmp_path):
    path = tmp_path / "results" / "flood-seed1.json"
    assert results.read_run(path) is None
    results.write_run(path, a_run())
    assert results.read_run(path) == a_run()
    path.write_text("{}")
    with pytest.raises(InputError, match="Delete it"):
        results.read_run(path)


def test_what_has_changed_since_a_run_is_named():
    was = a_run().made_of
    assert was.changed(results.Makings("other", "code", "settings", "other")) == ["data", "weights"]


def a_checkout(root, **sources):
    for name, text in {
        "pipeline": "from models.judgement.flows import x\n",
        "embed": "",
        "flows": "x = 1\n",
        **sources,
    }.items():
        (root / "models" / "judgement").mkdir(parents=True, exist_ok=True)
        (root / "models" / "judgement" / f"{name}.py").write_text(text)
    return results.digest_of_code(root)


def test_the_digest_of_code_follows_what_judging_imports_and_no_comment(tmp_path):
    plain = a_checkout(tmp_path)
    assert a_checkout(tmp_path, flows='"""Words."""\n# more words\nx  =  1\n', acts="y = 2\n") == plain
    assert a_checkout(tmp_path, flows="x = 2\n") != plain


def test_the_digest_of_weights_knows_files_and_names(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"1")
    before = results.digest_of_folder(tmp_path)
    (tmp_path / "__init__.py").write_text("x = 1")
    assert results.digest_of_folder(tmp_path) == before
    (tmp_path / "a.bin").rename(tmp_path / "b.bin")
    assert results.digest_of_folder(tmp_path) != before


def test_events_of_names_that_no_file_may_have_do_not_meet():
    names = [results.file_name(event) for event in ("a/b", "a_b", "../a", "a b", "a-b")]
    assert len(set(names)) == 5
    assert not any("/" in name or "." in name for name in names)


def test_kept_tables_are_read_back_as_they_were(tmp_path):
    columns = (Column("ami", "AMI"), Column("posts", "posts", 0))
    table = Table(
        "Rumours", "event", columns, [Row("flood", {"ami": Cell(0.5, None), "posts": Cell(None)})], "A note."
    )
    results.write_tables(tmp_path / "kept" / "tables.json", [table])
    assert results.read_tables(tmp_path / "kept" / "tables.json")[0].as_markdown() == table.as_markdown()
    (tmp_path / "kept" / "tables.json").write_text('[{"title": "x"}]')
    with pytest.raises(InputError, match="Delete it"):
        results.read_tables(tmp_path / "kept" / "tables.json")


def labelled(**gold) -> dict:
    return {"id": "1", "collection": "flood", "kind": "post", "gold": gold}


@pytest.mark.parametrize(
    ("gold", "story", "is_rumour"),
    [
        # PHEME and the written incidents label each post a rumour or not.
        ({"is_source": True, "is_rumour": True, "story": "dam"}, "dam", True),
        ({"is_source": True, "is_rumour": False, "story": "dam"}, None, False),
        # The old rumours label a stance only, and "unrelated" what the search brought up besides.
        ({"stance": "deny", "story": "dam"}, "dam", True),
        ({"stance": "unrelated", "story": "dam"}, None, False),
        # RumourEval labels a stance and asks about nothing else.
        ({"is_source": False, "stance": "deny"}, None, None),
    ],
)
def test_one_reading_of_all_labels_says_which_rumour_a_post_belongs_to(gold, story, is_rumour):
    assert (gold_labels.story_of(labelled(**gold)), gold_labels.is_rumour(labelled(**gold))) == (story, is_rumour)


def test_where_nobody_labelled_which_posts_open_a_thread_their_kind_says_so():
    assert gold_labels.is_source({"kind": "quote", "gold": {"stance": "deny"}})
    assert not gold_labels.is_source({"kind": "reply", "gold": {"stance": "deny"}})
    assert not gold_labels.is_source({"kind": "quote", "gold": {"is_source": False}})


def test_an_event_has_one_name_in_all_files():
    named = [{"collection": "rumoureval/ferguson"}, {"collection": "ferguson"}, {"claim_id": "ferguson/56db6b9509"}]
    assert {gold_labels.event_of(record) for record in named} == {"ferguson"}


def test_what_is_left_out_is_left_out_of_every_file(tmp_path):
    lines = [
        {"id": "1", "collection": "rumoureval/ferguson"},
        {"id": "2", "collection": "ferguson"},
        {"id": "3", "claim_id": "ferguson/1"},
        {"id": "4", "collection": "rumoureval/reddit/politics"},
    ]
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for left_out in (["ferguson"], ["rumoureval/ferguson"]):
        assert [record["id"] for record in records([file], leave_out=left_out)] == ["4"]
