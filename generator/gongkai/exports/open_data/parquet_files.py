"""The complete dataset as Parquet, one file per table; exact decimals are stored as strings."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gongkai.exports.open_data.packed_rows import read_rows
from gongkai.exports.open_data.rows import Row
from gongkai.exports.open_data.tables import Column, ColumnType, DataTable
from gongkai.runtime.errors import UnavailableError

_BATCH_ROWS = 50_000
"""Approximate number of rows per row group."""


def import_pyarrow() -> Any:  # noqa: ANN401 - an optional dependency
    """Import pyarrow; raise UnavailableError if it is not installed."""
    try:
        return import_module("pyarrow")
    except ImportError:
        raise UnavailableError(
            "site.yml 的“整体下载”要 Parquet，而没有安装 pyarrow；"
            "请运行 .venv/bin/pip install pyarrow，或者去掉 Parquet"
        ) from None


def write_parquet(parts: Sequence[Path], table: DataTable, target: Path) -> None:
    """Write a table of the rows in `parts`; one batch of rows is in memory at a time."""
    pa, parquet = import_pyarrow(), import_module("pyarrow.parquet")
    schema = pa.schema(
        [_arrow_field(pa, column) for column in table.columns],
        metadata={"title": table.title, "about": table.description},
    )
    with parquet.ParquetWriter(target, schema, compression="zstd") as file:
        for rows in _batches(read_rows(parts, table)):
            columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
            arrays = [
                pa.array(_column_values(column, values), field.type)
                for column, values, field in zip(table.columns, columns, schema, strict=True)
            ]
            file.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _batches(parts: Iterable[Sequence[Row]]) -> Iterator[list[Row]]:
    """Yield batches of at least `_BATCH_ROWS` rows, then the rest; one empty batch without rows."""
    batch: list[Row] = []
    any_yielded = False
    for rows in parts:
        batch.extend(rows)
        if len(batch) >= _BATCH_ROWS:
            yield batch
            batch, any_yielded = [], True
    if batch or not any_yielded:
        yield batch


def _arrow_field(pa: Any, column: Column) -> Any:  # noqa: ANN401 - see import_pyarrow()
    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.WHOLE: pa.int64(),
        ColumnType.DECIMAL: pa.string(),
        ColumnType.DATE: pa.date32(),
    }
    metadata = {"title": column.title, "about": column.description, "type": column.type.value}
    return pa.field(column.name, types[column.type], not column.required, metadata)


def _column_values(column: Column, values: Iterable[str | int]) -> list[object]:
    """Return the values of a column, with dates parsed and empty text as null."""
    if column.type is ColumnType.DATE:
        return [dt.date.fromisoformat(f"{value}") if value else None for value in values]
    return list(values) if column.required else [None if value == "" else value for value in values]
