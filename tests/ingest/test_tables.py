"""Tables as people have them: separators, encodings, headers, cells too many, and what is told of them."""

import csv
import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.source import Unreadable, Upsert
from ingest.sources.archive import Archive
from models.errors import InputError
from tests.ingest.archives import a_zip, items_of, records_of

HEADER = "id,created_at,author,text"
ROWS = (
    '1,2026-11-20T09:00:00Z,ann,"The bridge at Mill Lane is closed, water over the road"',
    "2,2026-11-20T09:01:00Z,bob,Is it true the bridge has collapsed?",
)


def a_table(tmp_path, *lines: str, name: str = "posts.csv", encoding: str = "utf-8", **how) -> Archive:
    (tmp_path / name).write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return Archive([tmp_path / name], **how)


def texts_of(archive: Archive) -> list[str]:
    return [record["text"] for record in records_of(archive)]


def reasons_of(archive: Archive) -> list[str]:
    return [item.reason for item in items_of(archive) if isinstance(item, Unreadable)]


def records_of_posts(archive: Archive) -> list[dict]:
    return [item.record for item in items_of(archive) if isinstance(item, Upsert)]


def told_of(archive: Archive) -> str:
    items_of(archive)
    return "\n".join(archive.told)


# --- Separators, encodings, headers ---


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_the_separator_is_found_and_told(tmp_path, separator, name):
    archive = a_table(
        tmp_path,
        separator.join(HEADER.split(",")),
        separator.join(("1", "2026-11-20T09:00:00Z", "ann", "closed, water over the road, stay away")),
    )
    assert texts_of(archive) == ["closed, water over the road, stay away"]
    assert f"posts.csv: separated by {name}" in archive.told


def test_the_line_with_which_excel_states_the_separator_is_no_row(tmp_path):
    archive = a_table(tmp_path, "sep=;", "id;text", "1;The dam has burst, they say")
    assert records_of(archive) == [{"id": "1", "text": "The dam has burst, they say"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_in_any_usual_encoding_is_read_as_it_was_written(tmp_path, encoding):
    archive = a_table(tmp_path, "id,text", "1,Café “Zur Brücke” is closed – £5 reward", encoding=encoding)
    assert texts_of(archive) == ["Café “Zur Brücke” is closed – £5 reward"]
    assert "read as" in told_of(archive)


def test_a_file_in_cyrillic_of_one_byte_a_letter_is_not_taken_for_western_text(tmp_path):
    text = "Мост через реку рухнул сегодня вечером, говорят жители соседнего села, но полиция это пока не подтвердила"
    archive = a_table(tmp_path, "id,text", f'1,"{text}"', f'2,"{text}. Это правда?"', encoding="cp1251")
    assert texts_of(archive)[0] == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "انهار السد فوق المدينة ويجب على الجميع مغادرة الوادي الآن",
        "昨夜から洪水警報が出ています、一部の道路は通行止め",
    ],
)
def test_other_scripts_of_two_bytes_a_letter_are_read_without_a_mark(tmp_path, encoding, text):
    archive = a_table(
        tmp_path, HEADER, *[f"{at},2026-11-20T09:00:00Z,ann,{text * 5}" for at in (1, 2)], encoding=encoding
    )
    assert texts_of(archive) == [text * 5] * 2


def test_one_row_in_another_encoding_is_mended_among_rows_in_utf_8(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_bytes("id,text\n1,Brücke gesperrt\n".encode() + "2,Brücke zu\n".encode("cp1252"))
    archive = Archive([path])
    assert texts_of(archive) == ["Brücke gesperrt", "Brücke zu"]
    assert "posts.csv: rows read as Windows-1252, since they are no UTF-8: 1" in archive.told


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_whose_lines_stand_in_quotation_marks_is_taken_apart(tmp_path, separator):
    lines = (HEADER, '1,,ann,"closed, they say"', "2,,bob,no")
    quoted = ['"{}"'.format(line.replace(",", separator).replace('"', '""')) for line in lines]
    archive = a_table(tmp_path, *quoted)
    assert texts_of(archive) == [f"closed{separator} they say", "no"]
    assert "each row stands in one cell, whose parts were taken apart" in told_of(archive)


def test_lines_above_the_header_are_passed_over_and_told(tmp_path):
    archive = a_table(tmp_path, "Report:,Flood mentions", "Date Range:,20 Nov 2026", "", HEADER, *ROWS)
    assert [record["id"] for record in records_of(archive)] == ["1", "2"]
    assert "posts.csv: lines above the header, not read: 2" in archive.told


def test_names_of_columns_are_known_in_any_case_and_spelling(tmp_path):
    archive = a_table(
        tmp_path, "Tweet ID,Date,User Name,Full Text,Likes", "5,2026-11-20T09:00:00Z,ann,The dam has burst,3"
    )
    (record,) = records_of(archive)
    assert (record["author"], record["text"], record["created_at"]) == (
        "ann",
        "The dam has burst",
        "2026-11-20T09:00:00Z",
    )
    assert "posts.csv: columns not read: Likes" in archive.told


def test_units_and_zones_beside_the_names_of_columns_hide_nothing(tmp_path):
    archive = a_table(
        tmp_path, "Post ID,Date (UTC),Time (UTC),Author [handle],Text (original)", "5,20/07/2026,09:00,ann,closed"
    )
    (record,) = records_of(archive)
    assert (record["author"], record["text"], record["created_at"]) == ("ann", "closed", "2026-07-20T09:00:00Z")


def test_an_author_is_known_by_the_handle_and_not_by_the_name_that_is_shown(tmp_path):
    archive = a_table(tmp_path, "tweet_id,text,user_name,user_screen_name", "5,closed,Ann Smith,ann")
    assert [record["author"] for record in records_of(archive)] == ["ann"]


def test_a_column_that_counts_the_rows_gives_no_ids_where_another_has_them(tmp_path):
    rows = [f"{number},129403047242784{number:04},ann,closed" for number in (7, 19, 20)]
    counted = [f"{place},{row.partition(',')[2]}" for place, row in enumerate(rows)]
    assert [
        one["id"].partition(":")[2] for one in records_of(a_table(tmp_path, "id,tweet id,author,text", *counted))
    ] == [row.split(",")[1] for row in rows]


def test_a_file_is_read_as_what_it_is_whatever_its_name_says(tmp_path):
    table = a_table(tmp_path, "id;text", "1;The dam has burst", name="posts.txt")
    assert texts_of(table) == ["The dam has burst"]
    objects = a_table(tmp_path, '{"id": "1", "text": "The dam, they say, has burst"}', name="posts.csv")
    assert texts_of(objects) == ["The dam, they say, has burst"]
    (tmp_path / "packed.csv").write_bytes(gzip.compress(b"id,text\n1,The dam has burst\n"))
    assert texts_of(Archive([tmp_path / "packed.csv"])) == ["The dam has burst"]


def test_the_names_of_the_interchange_form_leave_ids_as_they_are_in_any_case(tmp_path):
    (record,) = records_of(a_table(tmp_path, "ID,Text", "5,The dam has burst"))
    assert record == {"id": "5", "text": "The dam has burst"}


def test_columns_that_cannot_be_told_are_refused_with_the_way_out(tmp_path):
    says = r"columns cannot be told.*--columns id=Number.*It has: Nr, Wording\."
    with pytest.raises(InputError, match=says) as error:
        items_of(a_table(tmp_path, "Nr,Wording", "1,The dam has burst"))
    assert "\n" not in str(error.value)


def test_in_a_packed_file_they_cost_no_more_than_their_own_file(tmp_path):
    path = a_zip(tmp_path / "posts.zip", {"a.csv": b"Nr,Wording\n1,x\n", "b.csv": b"id,text\n1,The dam has burst\n"})
    unread, post = items_of(Archive([path]))
    assert (unread.reason, post.record["id"]) == ("columns that cannot be told", "1")


def test_columns_that_a_person_names_need_no_id_since_one_is_made(tmp_path):
    how = {"columns": {"text": "wording", "created_at": "Day + Hour", "author": "Who"}}
    rows = ("20/11/2026,09:05,ann,The dam has burst", "20/11/2026,09:06,bob,The dam has burst")
    first, second = records_of(a_table(tmp_path, "Day,Hour,Who,Wording", *rows, **how))
    assert (first["text"], first["created_at"]) == ("The dam has burst", "2026-11-20T09:05:00Z")
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    ("written", "followers"), [("1.2K", 1_200), ("1 200", 1_200), ("12,500", 12_500), ("3M", 3_000_000), ("-1", None)]
)
def test_counts_are_read_as_tools_write_them_and_cost_no_post(tmp_path, written, followers):
    (record,) = records_of(a_table(tmp_path, "id;text;author_followers;latitude", f"1;closed;{written};53,4"))
    assert (record.get("author_followers"), record["latitude"]) == (followers, 53.4)


@pytest.mark.parametrize(("written", "kind"), [("Retweet", "repost"), ("Post", "post"), ("Comment", "reply")])
def test_kinds_are_known_by_their_usual_names_in_any_case(tmp_path, written, kind):
    assert records_of(a_table(tmp_path, "id,text,kind", f"1,closed,{written}"))[0]["kind"] == kind


# --- Rows that do not fit ---


def test_a_text_that_nobody_quoted_is_put_together_again_where_it_stands_last(tmp_path):
    archive = a_table(tmp_path, HEADER, "3,2026-11-20T09:02:00Z,cat,Bridge collapsed, two cars in the river")
    assert texts_of(archive) == ["Bridge collapsed, two cars in the river"]
    assert "put together again: 1" in told_of(archive)


def test_a_row_with_too_many_cells_is_a_dead_letter_where_nobody_knows_what_belongs_where(tmp_path):
    archive = a_table(tmp_path, "id,text,author", "1,Bridge collapsed, two cars in it,cat", "2,It is closed,dan")
    assert reasons_of(archive) == ["more cells than the header"]


def test_empty_cells_beyond_the_header_are_no_surplus(tmp_path):
    assert texts_of(a_table(tmp_path, "id,text", "1,The dam has burst,,,")) == ["The dam has burst"]


def test_words_in_a_column_without_a_name_are_the_rest_of_the_text(tmp_path):
    rows = ("1,2026-11-20T09:00:00Z,ann,closed,", "2,2026-11-20T09:01:00Z,bob,closed, see map,")
    archive = a_table(tmp_path, f"{HEADER},", *rows)
    assert texts_of(archive) == ["closed", "closed, see map,"]
    assert "put together again: 1" in told_of(archive)


@pytest.mark.parametrize("empty", ["NULL", "null", "\\N", "nan", "None", "#N/A"])
def test_cells_that_say_that_they_are_empty_join_no_posts_and_no_people(tmp_path, empty):
    header = "id,created_at,author,text,reply_to,root,latitude"
    archive = a_table(tmp_path, header, f"1,{empty},{empty},closed,{empty},{empty},{empty}", f"2,,,{empty},,,")
    assert records_of(archive) == [{"id": "1", "text": "closed"}, {"id": "2", "text": empty}]


def test_rows_with_fewer_cells_than_the_header_are_read_and_told(tmp_path):
    archive = a_table(tmp_path, "id,text,author", "1,The dam has burst")
    assert records_of(archive) == [{"id": "1", "text": "The dam has burst"}]
    assert "fewer cells than the header, whose missing fields are unknown: 1" in told_of(archive)


def test_quotation_marks_with_a_backslash_before_them_belong_to_the_text(tmp_path):
    archive = a_table(tmp_path, HEADER, r'9,2026-11-20T09:00:00Z,ann,"He said \"run\", so we ran"', *ROWS)
    assert texts_of(archive)[0] == 'He said "run", so we ran'


def test_a_table_without_a_header_says_that_it_needs_one(tmp_path):
    with pytest.raises(InputError, match="it has no header"):
        items_of(a_table(tmp_path, *ROWS))


def test_a_table_without_texts_times_or_authors_says_so(tmp_path):
    assert "no column of texts, so that posts have none (--columns)" in told_of(a_table(tmp_path, "id;texte", "1;a"))
    told = told_of(a_table(tmp_path, "id,text", "1,The dam has burst"))
    assert "no column of times, so that posts have none" in told
    assert "no column of authors, who are unknown" in told


def test_the_rest_of_a_text_that_nobody_quoted_is_no_post(tmp_path):
    archive = a_table(tmp_path, HEADER, "1,2026-11-20T09:00:00Z,ann,The dam", "has burst", ROWS[1])
    assert [record["id"] for record in records_of_posts(archive)] == ["1", "2"]
    assert reasons_of(archive) == ["only part of a row"]


def test_a_header_that_is_repeated_below_is_no_post(tmp_path):
    archive = a_table(tmp_path, HEADER, ROWS[0], HEADER, ROWS[1])
    assert len(records_of(archive)) == 2
    assert "posts.csv: repeated headers, not read: 1" in archive.told


def test_a_quotation_mark_that_is_never_closed_swallows_no_other_row(tmp_path):
    archive = a_table(tmp_path, HEADER, '0,2026-11-20T08:59:00Z,eve,"They say', *ROWS)
    assert [record["id"] for record in records_of(archive)] == ["0", "1", "2"]
    assert "quotation mark that is never closed, read as they stand: 1" in told_of(archive)


def test_a_text_of_several_lines_is_one_text(tmp_path):
    archive = a_table(tmp_path, HEADER, '1,2026-11-20T09:00:00Z,ann,"First,\r\nsecond, third\r\n\r\nand 4, 5, 6, 7"')
    assert texts_of(archive) == ["First,\r\nsecond, third\r\n\r\nand 4, 5, 6, 7"]


# --- Any table at all ---

CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=30
).map(lambda text: text.strip())


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(CELLS.filter(bool), min_size=1, max_size=8),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    lines_above=st.integers(0, 5),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_text_comes_back_whatever_the_table_is_made_of(
    tmp_path_factory, texts, separator, encoding, lines_above, end
):
    table = io.StringIO()
    writer = csv.writer(table, delimiter=separator, lineterminator=end)
    for line in range(lines_above):
        writer.writerow([f"note {line}", "made by hand"])
    writer.writerow(["id", "created_at", "author", "text"])
    for number, text in enumerate(texts):
        writer.writerow([f"a:{number}", "2026-11-20T09:00:00Z", "ann", text])
    path = tmp_path_factory.mktemp("table") / "posts.csv"
    path.write_bytes(table.getvalue().encode(encoding))
    assert texts_of(Archive([path])) == texts


@settings(max_examples=200, deadline=None)
@given(content=st.lists(st.sampled_from([*'",;\t\n', "id", "text", "1", "x y", "é", "sep="]), max_size=60))
def test_any_rows_are_posts_or_reasons_and_reading_ends(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("rows") / "posts.csv"
    path.write_text(f"id,text\n{''.join(content)}", encoding="utf-8")
    assert all(isinstance(item, Upsert | Unreadable) for item in items_of(Archive([path])))
