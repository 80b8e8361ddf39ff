"""What is drawn of a look at a file, however many columns it has."""

from dashboard.components import import_look
from dashboard.words.imports import not_read
from models.domain.imports import Look, SeenTable, TableReading

HEADER = tuple(f"column {number}" for number in range(10_000))


def test_a_header_of_ten_thousand_columns_is_told_and_not_drawn():
    seen = SeenTable(HEADER, {}, HEADER, "text in UTF-8", "", "shape", 0)
    look = Look("posts.csv", 1, TableReading({}, "Europe/London"), seen)
    drawn = str(import_look.choosers(look).to_plotly_json())
    assert "Only the first 300 columns can be chosen." in drawn
    assert len(drawn) < 1_000_000
    assert not_read(look).endswith("column 99 and 9,900 more")
