"""Which names stand in a text, and when two texts name different places or people."""

import numpy as np
import pytest

from models.judgement.name_book import NameBook
from models.text.names import names_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Asda in Aldersey is on fire", {"asda", "aldersey"}),
        ("ASDA ON FIRE", {"asda"}),
        ("They've all gone home. Nothing is happening here", set()),
        ("rioters heading for St Brannoc's hospital", {"brannoc", "the hospital"}),
        ("fire at Halletts", {"hallett"}),
        ("#MarlowStreet is closed", {"marlow"}),
        ("cordon on tin lane, stay off the main road", {"tin lane"}),
        ("Helicopter over Church Hill, the bus station is shut", {"church hill", "the bus station"}),
        ("Seen on Tuesday in March https://Example.org/Northgate @Pauline", set()),
        ("", set()),
    ],
)
def test_the_names_of_a_text(text, names):
    assert names_of(text) == names


def test_a_name_that_the_incident_knows_counts_in_small_letters():
    assert names_of("frostway is giving it all away") == set()
    assert names_of("frostway is giving it all away", known={"frostway"}) == {"frostway"}


def book_of(*texts: str) -> NameBook:
    book = NameBook()
    for text in texts:
        book.learn(book.names_in(text))
    return book


def test_two_buildings_clash_and_two_ways_to_name_one_do_not():
    book = book_of("Asda in Aldersey is on fire", "Asda in Aldersey on fire!", "the Odeon is on fire")
    asda, burning, odeon = map(book.names_in, ("Asda in Aldersey is on fire", "the Asda is burning", "Odeon on fire"))
    assert book.clash(asda, odeon)
    assert not book.clash(asda, burning)


def test_a_name_that_most_flows_hold_tells_no_claims_apart():
    book = book_of(*["Fire in Aldersey"] * 30)
    assert not book.clash({"aldersey"}, {"odeon"})
    assert book.clash({"asda", "aldersey"}, {"odeon", "aldersey"})


def test_names_that_stand_together_are_of_one_matter():
    apart, together = book_of("Fire at Halletts"), book_of(*["Halletts on Marlow Street is burning"] * 2)
    assert apart.clash({"hallett"}, {"marlow"})
    assert not together.clash({"hallett"}, {"marlow"})


def test_clashes_of_many_flows_are_those_of_each_two():
    texts = [
        "Asda in Aldersey",
        "Odeon",
        "no names here",
        "Aldersey",
        "Asda again",
        "asda and Odeon",
        "the mosque",
    ] * 3
    texts += ["nothing"] * 40
    book = NameBook()
    flows = []
    for text in texts:
        flows.append(book.names_in(text))
        book.learn(flows[-1])
    each = [[book.clash(one, other) for other in flows] for one in flows]
    assert np.array_equal(book.clashes_among(flows).clashes, each)
    assert np.any(each)
