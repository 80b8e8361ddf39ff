"""What a table of an export is: a name, typed columns, and batches of rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

TEXT, WHOLE, DECIMAL, TRUTH = pa.string(), pa.int64(), pa.float64(), pa.bool_()
TIME = pa.timestamp("us", tz="UTC")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`batches` can be read once."""

    name: str
    columns: Mapping[str, pa.DataType]
    batches: Iterable[list[Row]]
