"""The whole as Parquet, a file a table; exact decimals are text."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gongkai.exports.open_data.packed_rows import read_rows
from gongkai.exports.open_data.rows import Row
from gongkai.exports.open_data.tables import Column, Table, Type
from gongkai.runtime.errors import MissingError

_ROWS = 50_000
"""About how many rows are written at a time."""


def arrow() -> Any:  # noqa: ANN401 - a library that need not be there
    """The library pyarrow."""
    try:
        return import_module("pyarrow")
    except ImportError:
        raise MissingError(
            "site.yml 的“整体下载”要 Parquet，而没有安装 pyarrow；"
            "请运行 .venv/bin/pip install pyarrow，或者去掉 Parquet"
        ) from None


def write_columnar(parts: Sequence[Path], table: Table, target: Path) -> None:
    """Write a table of the rows of these parts, a batch at a time in memory."""
    pa, parquet = arrow(), import_module("pyarrow.parquet")
    schema = pa.schema(
        [_field(pa, each) for each in table.columns],
        metadata={"title": table.title, "about": table.about},
    )
    with parquet.ParquetWriter(target, schema, compression="zstd") as file:
        for rows in _batches(read_rows(parts, table)):
            columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
            pairs = zip(table.columns, columns, schema, strict=True)
            arrays = [pa.array(_held(told, column), each.type) for told, column, each in pairs]
            file.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _batches(every: Iterable[Sequence[Row]]) -> Iterator[list[Row]]:
    """Rows in batches of about the same size; one empty batch where there are none."""
    batch: list[Row] = []
    some = False
    for rows in every:
        batch.extend(rows)
        if len(batch) >= _ROWS:
            yield batch
            batch, some = [], True
    if batch or not some:
        yield batch


def _field(pa: Any, column: Column) -> Any:  # noqa: ANN401 - see arrow()
    types = {
        Type.TEXT: pa.string(),
        Type.WHOLE: pa.int64(),
        Type.DECIMAL: pa.string(),
        Type.DATE: pa.date32(),
    }
    told = {"title": column.title, "about": column.about, "type": column.type.value}
    return pa.field(column.name, types[column.type], not column.required, told)


def _held(column: Column, values: Iterable[str | int]) -> list[object]:
    """What stands in a column: nothing (null) where nothing is filed."""
    if column.type is Type.DATE:
        return [dt.date.fromisoformat(f"{each}") if each else None for each in values]
    return list(values) if column.required else [None if each == "" else each for each in values]
