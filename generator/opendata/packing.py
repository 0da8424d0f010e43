"""A unit's rows as one compressed part, table by table, so that each can be read without the rest."""

import marshal
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from generator.opendata.columns import TABLES, Table
from generator.opendata.rows import Row, Rows

_FORMAT = 2
"""Of marshal: the newest that writes equal things equally, whoever else refers to them."""
_PLACES = {table.name: number for number, table in enumerate(TABLES)}


def packed(rows: Rows) -> bytes:
    """How long each table's block is, then the blocks."""
    tables = (list(rows[table.name]) for table in TABLES)
    blocks = [zlib.compress(marshal.dumps(each, _FORMAT), 1) for each in tables]
    return array("I", map(len, blocks)).tobytes() + b"".join(blocks)


def read_rows(parts: Iterable[Path], table: Table) -> Iterator[Sequence[Row]]:
    """The rows of one table, part by part: never more than one unit's at a time."""
    for path in parts:
        with path.open("rb") as file:
            lengths = array("I", file.read(len(TABLES) * array("I").itemsize))
            place = _PLACES[table.name]
            file.seek(sum(lengths[:place]), 1)
            rows: Sequence[Row] = marshal.loads(zlib.decompress(file.read(lengths[place])))  # noqa: S302 - our own
        yield rows
