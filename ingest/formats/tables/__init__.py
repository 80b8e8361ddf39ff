"""Tables as people have them: text with separators, workbooks, Parquet.

`reader` puts the parts together: cells as they come (`delimited`, `workbooks`, `parquet`), where the header is
(`headers`), which column is what (`layouts`, `exports`), whether ids are whole (`ids`), and when it was (`times`).
"""

import re
from typing import Any

from models.interchange import FIELDS

# What a table or a sender may state: where a post comes from is not theirs to say.
STATED = tuple(name for name in FIELDS if name != "source")

Row = dict[str, Any]

_COUNTS = ("author_followers", "reposts")
_DEGREES = ("latitude", "longitude")
_MOST_DIGITS = 18
_WHOLE = re.compile(r"[0-9]{1,18}\.0+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,20})?")
_THOUSANDS = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,3})?)([km])", re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000}


def with_numbers(record: Row) -> Row:
    """The record with its counts and degrees as numbers, if a table has them as text; -1 is unknown, as 4CAT has it.

    >>> with_numbers({"author_followers": "12,500", "reposts": "3.0", "latitude": "53,4"})
    {'author_followers': 12500, 'reposts': 3, 'latitude': 53.4}
    >>> with_numbers({"author_followers": "1.2K", "reposts": "-1"})
    {'author_followers': 1200}
    """
    for name in _COUNTS:
        if (value := record.get(name)).__class__ is str:
            if not value.isalnum():
                value = "".join(value.split())
            if value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS:
                record[name] = int(value)
            elif _WHOLE.fullmatch(value):
                record[name] = int(value.partition(".")[0])
            elif _GROUPED.fullmatch(value):
                record[name] = int(value.replace(",", ""))
            elif found := _THOUSANDS.fullmatch(value):
                record[name] = round(float(found[1].replace(",", ".")) * _TIMES[found[2].lower()])
            elif value == "-1":
                del record[name]
    for name in _DEGREES:
        if (value := record.get(name)).__class__ is str and _DECIMAL.fullmatch(value.strip()):
            record[name] = float(value.replace(",", "."))
    return record
