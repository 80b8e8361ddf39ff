"""Parquet files → rows of cells."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from ingest.formats.metered import Meter, opened
from ingest.source import Unreadable
from models.errors import InputError

_ROWS_AT_ONCE = 1_000


def parquet_rows(path: Path, meter: Meter) -> Iterator[list[Any] | Unreadable]:
    """The names of the columns, then each row's cells or Unreadable. Raises InputError for what is not Parquet."""
    try:
        table = pyarrow.parquet.ParquetFile(opened(path, meter))
        yield list(table.schema_arrow.names)
        for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE):
            batch = batch.cast(_microseconds(batch.schema), safe=False)
            for place in range(len(batch)):
                yield _cells(batch, place)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"cannot be read as Parquet ({type(error).__name__}).", path=path) from error


def _microseconds(schema: pa.Schema) -> pa.Schema:
    """The same columns with times that Python can hold: other tools write nanoseconds."""
    fields = [
        field.with_type(pa.timestamp("us", field.type.tz)) if pa.types.is_timestamp(field.type) else field
        for field in schema
    ]
    return pa.schema(fields)


def _cells(batch: pa.RecordBatch, place: int) -> list[Any] | Unreadable:
    try:
        (row,) = batch.slice(place, 1).to_pylist()
    except (ValueError, OverflowError) as error:
        return Unreadable("wrong type: a value that Python cannot read", str(error), "")
    # pandas writes NaN for a missing number.
    return [None if isinstance(value, float) and math.isnan(value) else value for value in row.values()]
