"""Files in the interchange form: each JSON value, or each row of a table, is a record already."""

from typing import Any


def read(value: Any) -> list[Any]:
    """The record that the value is. Whether it can be a post is judged where every record is."""
    return [value]
