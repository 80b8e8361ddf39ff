"""What is told of files stays as much as a person reads, and says what it leaves out."""

from ingest.formats import told as told_module
from ingest.formats.told import Told
from models.domain.reading import Mark


def test_of_a_file_with_very_many_parts_only_so_much_is_listed_and_the_rest_counted(monkeypatch):
    monkeypatch.setattr(told_module, "MOST_FACTS_OF_A_FILE", 2)
    told = Told()
    told.begin("posts.zip")
    for number in range(4):
        told.once(f"{number}.txt", "not read")
    told.once("0.txt", "not read")
    told.count("5.csv", "rows with fewer cells than the header")
    told.count("6.csv", "ids replaced", Mark.MADE_IDS)
    told.begin("other.csv")
    told.once("other.csv", "separated by semicolons")
    assert told.lines() == [
        "0.txt: not read",
        "1.txt: not read",
        "posts.zip: further remarks, not listed: 3",
        "6.csv: ids replaced: 1",
        "other.csv: separated by semicolons",
    ]
    assert [fact.items for fact in told.news("posts.zip")] == [None, None, 3, 1]
