"""The texts of a site's files, whatever they are packed in, a piece at a time.

Of an archive those of the files in it, of a database and of Parquet those of the rows.
"""

import codecs
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, NamedTuple

from gongkai.model.personal_data import GRAVE, Found, personal

_TEXT = frozenset({
    ".html", ".htm", ".xml", ".json", ".jsonld", ".csv", ".txt", ".md", ".yml", ".yaml", ".svg", ".js", ".css", ".map", ".ndjson", ".atom",
})  # fmt: skip
_PACKED = ".json.bin"
"""Texts for the search, compressed with zlib."""
_ARCHIVES = frozenset({".xlsx", ".docx", ".pptx", ".zip"})
_DATABASE, _COLUMNAR = ".sqlite", ".parquet"
_LARGEST = 64 * 1024 * 1024
"""Bytes of a compressed text that are looked at; more is no page's."""
_PIECE = 4 * 1024 * 1024
"""About how much of a large file is looked at at a time."""
_ROWS = 5_000
_NO_NUMBER = re.compile(r"[^0-9０-９A-Za-z +＋－-](?=[0-9０-９A-Za-z +＋－-]*\Z)")
"""The last character of a text that no number can go through."""


class Piece(NamedTuple):
    """Part of a text; no number is cut in two."""

    inside: str
    """The name within an archive or a database; empty where the file is the text."""
    line: int
    """In which line of the text it begins, from 1; of rows, in which row."""
    text: str


def pieces(path: Path) -> Iterator[Piece]:
    """The texts of a file; nothing where it is a picture or the like, or cannot be read."""
    ending = path.suffix.lower()
    if ending in _TEXT:
        yield Piece("", 1, path.read_text("utf-8", errors="replace"))
    elif path.name.endswith(_PACKED):
        with suppress(zlib.error):
            data = zlib.decompressobj().decompress(path.read_bytes(), _LARGEST)
            yield Piece("", 1, data.decode("utf-8", "replace"))
    elif ending in _ARCHIVES and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if Path(entry.filename).suffix in {*_TEXT, ".rels"}:
                    with archive.open(entry) as file:
                        yield from _cut(entry.filename, file)
    elif ending == _DATABASE:
        with suppress(sqlite3.DatabaseError):
            yield from _database(path)
    elif ending == _COLUMNAR:
        yield from _columnar(path)


def _cut(name: str, file: IO[bytes]) -> Iterator[Piece]:
    """A file in pieces: at the end of a line, else where no number can be."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest, line = "", 1
    while data := file.read(_PIECE):
        text = rest + decoder.decode(data)
        found = None if "\n" in text else _NO_NUMBER.search(text)
        end = text.rfind("\n") + 1 or (found.end() if found else 0)
        yield Piece(name, line, text[:end])
        line += text.count("\n", 0, end)
        rest = text[end:]
    yield Piece(name, line, rest + decoder.decode(b"", final=True))


def _database(path: Path) -> Iterator[Piece]:
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in tables.fetchall():
            quoted = name.replace('"', '""')
            rows = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - quoted
            count = 1
            while some := rows.fetchmany(_ROWS):
                yield _rows(name, count, some)
                count += len(some)


def _columnar(path: Path) -> Iterator[Piece]:
    """Nothing where the library for it is not installed."""
    try:
        parquet, arrow = import_module("pyarrow.parquet"), import_module("pyarrow")
    except ImportError:
        return
    with suppress(arrow.ArrowInvalid), parquet.ParquetFile(path) as file:
        yield _rows("", 1, [])  # So that it counts as looked at, though it may have no rows.
        count = 1
        for batch in file.iter_batches(_ROWS):
            yield _rows("", count, zip(*(each.to_pylist() for each in batch.columns), strict=True))
            count += batch.num_rows


def _rows(name: str, first: int, rows: Iterable[Sequence[object]]) -> Piece:
    """A line a row."""
    lines = ("\t".join(f"{each}" for each in row).replace("\n", "\r") for row in rows)
    return Piece(name, first, "\n".join(lines))


@dataclass(frozen=True, slots=True)
class Leak:
    """Personal data in a file of the site."""

    file: str
    line: int
    found: Found


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan looked at, and what it found."""

    leaks: tuple[Leak, ...]
    scanned: int
    unread: tuple[str, ...]
    """Files whose content cannot be looked at (pictures, PDF …)."""


def scan(site: Path) -> Scan:
    """Look at every file of a site; only what must never be published counts."""
    every = (path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return scan_files(site, sorted(every))


def scan_files(site: Path, names: Iterable[str]) -> Scan:
    """Look at these files of a site."""
    leaks: list[Leak] = []
    unread: list[str] = []
    count = 0
    for name in names:
        leaks.extend(_in_text(name, 1, name))
        read = False
        for piece in pieces(site / name):
            read = True
            where = f"{name}!{piece.inside}" if piece.inside else name
            leaks.extend(_in_text(where, piece.line, piece.text))
        if read:
            count += 1
        else:
            unread.append(name)
    return Scan(tuple(leaks), count, tuple(unread))


def _in_text(name: str, line: int, text: str) -> Iterator[Leak]:
    """What is found in a text that begins in this line."""
    for found in personal(text):
        if found.kind in GRAVE:
            yield Leak(name, line + text.count("\n", 0, found.start), found)
