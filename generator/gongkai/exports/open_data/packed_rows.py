"""Compressed columnar storage of a unit's rows; a table can be read without the others.

Columns are dictionary-encoded: the distinct values, then one index per row.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gongkai.exports.open_data.rows import Row, RowsByTable
from gongkai.exports.open_data.tables import TABLES, DataTable
from gongkai.runtime.packing import pack_values, unpack_values

_UINT32 = "I"
"""Type code of `array`: unsigned integers of four bytes."""
_TABLE_NUMBERS = {table.name: number for number, table in enumerate(TABLES)}


def pack_rows(rows: RowsByTable) -> bytes:
    """Return the length of every table's block, then the blocks."""
    tables = (
        [_encode_column(values) for values in zip(*rows[table.name], strict=True)]
        for table in TABLES
    )
    blocks = [zlib.compress(pack_values(columns), 1) for columns in tables]
    return array(_UINT32, map(len, blocks)).tobytes() + b"".join(blocks)


def _encode_column(values: Sequence[str | int]) -> tuple[list[str | int], bytes]:
    """Return the distinct values and the index of every row's value."""
    indexes = {value: index for index, value in enumerate(dict.fromkeys(values))}
    return list(indexes), array(_UINT32, [indexes[value] for value in values]).tobytes()


def read_rows(parts: Iterable[Path], table: DataTable) -> Iterator[Sequence[Row]]:
    """Yield the rows of one table, one unit at a time."""
    number = _TABLE_NUMBERS[table.name]
    for path in parts:
        with path.open("rb") as file:
            lengths = array(_UINT32, file.read(len(TABLES) * array(_UINT32).itemsize))
            file.seek(sum(lengths[:number]), 1)
            columns = unpack_values(zlib.decompress(file.read(lengths[number])))
        decoded = (map(values.__getitem__, array(_UINT32, indexes)) for values, indexes in columns)
        yield list(zip(*decoded, strict=True))
