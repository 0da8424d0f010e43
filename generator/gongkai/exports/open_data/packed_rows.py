"""A unit's rows as one compressed part, table by table, so that each can be read without the rest.

A column is kept as what stands in it, once, and which of it stands in each row.
"""

import marshal
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gongkai.exports.open_data.rows import Row, Rows
from gongkai.exports.open_data.tables import TABLES, Table

_FORMAT = 2
"""Of marshal: the newest that writes equal things equally, whoever else refers to them."""
_NUMBERS = "I"
"""Of array: whole numbers of four bytes."""
_PLACES = {table.name: number for number, table in enumerate(TABLES)}


def packed(rows: Rows) -> bytes:
    """How long each table's block is, then the blocks."""
    tables = ([_column(each) for each in zip(*rows[table.name], strict=True)] for table in TABLES)
    blocks = [zlib.compress(marshal.dumps(each, _FORMAT), 1) for each in tables]
    return array(_NUMBERS, map(len, blocks)).tobytes() + b"".join(blocks)


def _column(values: Sequence[str | int]) -> tuple[list[str | int], bytes]:
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return list(numbers), array(_NUMBERS, [numbers[value] for value in values]).tobytes()


def read_rows(parts: Iterable[Path], table: Table) -> Iterator[Sequence[Row]]:
    """The rows of one table, part by part: never more than one unit's at a time."""
    place = _PLACES[table.name]
    for path in parts:
        with path.open("rb") as file:
            lengths = array(_NUMBERS, file.read(len(TABLES) * array(_NUMBERS).itemsize))
            file.seek(sum(lengths[:place]), 1)
            columns = marshal.loads(zlib.decompress(file.read(lengths[place])))  # noqa: S302 - our own
        read = (map(values.__getitem__, array(_NUMBERS, which)) for values, which in columns)
        yield list(zip(*read, strict=True))
