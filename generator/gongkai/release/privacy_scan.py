"""Scan a built site for personal data, inside archives, databases and Parquet files too."""

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

from gongkai.model.personal_data import find_unpublishable_data
from gongkai.model.personal_kinds import PersonalDataMatch

_TEXT = frozenset({
    ".html", ".htm", ".xml", ".json", ".jsonld", ".csv", ".txt", ".md", ".yml", ".yaml", ".svg", ".js", ".css", ".map", ".ndjson", ".atom",
})  # fmt: skip
_COMPRESSED = ".json.bin"
"""Suffix of the search texts, compressed with zlib."""
_ARCHIVES = frozenset({".xlsx", ".docx", ".pptx", ".zip"})
_DATABASE, _PARQUET, _PDF = ".sqlite", ".parquet", ".pdf"
_MAX_DECOMPRESSED = 64 * 1024 * 1024
"""Number of bytes of a compressed text that are scanned; no page has more."""
_CHUNK_SIZE = 4 * 1024 * 1024
"""Approximate number of bytes of a large file that are scanned at a time."""
_ROWS_PER_CHUNK = 5_000
_PROPERTIES = "文档属性"
_PDF_PROPERTY = re.compile(
    rb"/(?:Title|Author|Subject|Keywords|Creator)\s{0,9}"
    rb"(?:\(((?:[^()\\]|\\.){0,4096}+)\)|<([0-9A-Fa-f\s]{0,16384}+)>)",
    re.DOTALL,
)
_PDF_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PDF_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b""}
_XMP = re.compile(rb"<x:xmpmeta.{0,65536}?</x:xmpmeta>", re.DOTALL)
_NUMBER_BOUNDARY = re.compile(r"[^0-9０-９A-Za-z +＋－-](?=[0-9０-９A-Za-z +＋－-]*\Z)")
"""Matches the last character of a text that cannot be part of a number."""


class TextChunk(NamedTuple):
    """Part of a text, split so that no number is cut in two."""

    member: str
    """Name of the archive member or database table; empty if the file itself is the text."""
    line: int
    """Line of the text at which the chunk begins, from 1; for rows the row number."""
    text: str


def iter_chunks(path: Path) -> Iterator[TextChunk]:
    """Yield the texts of a file; none if it is a picture or the like, or unreadable."""
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        yield TextChunk("", 1, path.read_text("utf-8", errors="replace"))
    elif path.name.endswith(_COMPRESSED):
        with suppress(zlib.error):
            data = zlib.decompressobj().decompress(path.read_bytes(), _MAX_DECOMPRESSED)
            yield TextChunk("", 1, data.decode("utf-8", "replace"))
    elif suffix in _ARCHIVES and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield TextChunk("", 1, "\n".join(archive.namelist()))
            for entry in archive.infolist():
                if Path(entry.filename).suffix in {*_TEXT, ".rels"}:
                    with archive.open(entry) as file:
                        yield from _split_stream(entry.filename, file)
    elif suffix == _DATABASE:
        with suppress(sqlite3.DatabaseError):
            yield from _database_chunks(path)
    elif suffix == _PARQUET:
        yield from _parquet_chunks(path)
    elif suffix == _PDF and (properties := "\n".join(_pdf_properties(path.read_bytes()))):
        yield TextChunk(_PROPERTIES, 1, properties)


def _split_stream(name: str, file: IO[bytes]) -> Iterator[TextChunk]:
    """Split a binary file into chunks: at the end of a line, else where no number can be."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest, line = "", 1
    while data := file.read(_CHUNK_SIZE):
        text = rest + decoder.decode(data)
        boundary = None if "\n" in text else _NUMBER_BOUNDARY.search(text)
        end = text.rfind("\n") + 1 or (boundary.end() if boundary else 0)
        yield TextChunk(name, line, text[:end])
        line += text.count("\n", 0, end)
        rest = text[end:]
    yield TextChunk(name, line, rest + decoder.decode(b"", final=True))


def _pdf_properties(data: bytes) -> Iterator[str]:
    """Yield author, title and the like of a PDF file, as far as they are not compressed."""
    for match in _PDF_PROPERTY.finditer(data):
        if match[2] is None:
            value = _PDF_ESCAPE.sub(_unescape_pdf, match[1])
        else:
            digits = b"".join(match[2].split())
            value = bytes.fromhex(digits.ljust(len(digits) + len(digits) % 2, b"0").decode())
        is_wide = value.startswith(codecs.BOM_UTF16_BE)
        yield value.decode("utf-16", "replace") if is_wide else value.decode("utf-8", "replace")
    yield from (match[0].decode("utf-8", "replace") for match in _XMP.finditer(data))


def _unescape_pdf(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 255]) if code.isdigit() else _PDF_CONTROLS.get(code, code)


def _database_chunks(path: Path) -> Iterator[TextChunk]:
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in tables.fetchall():
            quoted = name.replace('"', '""')
            cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - quoted
            first = 1
            while rows := cursor.fetchmany(_ROWS_PER_CHUNK):
                yield _rows_chunk(name, first, rows)
                first += len(rows)


def _parquet_chunks(path: Path) -> Iterator[TextChunk]:
    """Yield the rows of a Parquet file; none if pyarrow is not installed."""
    try:
        parquet, arrow = import_module("pyarrow.parquet"), import_module("pyarrow")
    except ImportError:
        return
    with suppress(arrow.ArrowInvalid), parquet.ParquetFile(path) as file:
        yield _rows_chunk("", 1, [])  # An empty file counts as scanned, too.
        first = 1
        for batch in file.iter_batches(_ROWS_PER_CHUNK):
            columns = (column.to_pylist() for column in batch.columns)
            yield _rows_chunk("", first, zip(*columns, strict=True))
            first += batch.num_rows


def _rows_chunk(name: str, first: int, rows: Iterable[Sequence[object]]) -> TextChunk:
    """Return rows as a chunk, one line per row."""
    lines = ("\t".join(f"{cell}" for cell in row).replace("\n", "\r") for row in rows)
    return TextChunk(name, first, "\n".join(lines))


@dataclass(frozen=True, slots=True)
class Leak:
    """Personal data in a file of the site."""

    file: str
    line: int
    personal_data: PersonalDataMatch


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The result of a scan."""

    leaks: tuple[Leak, ...]
    scanned_count: int
    """Number of files scanned."""
    unread: tuple[str, ...]
    """Files whose content cannot be scanned (pictures, PDF …)."""


def scan_for_personal_data(site: Path) -> ScanResult:
    """Scan every file of a site for personal data that must never be published."""
    names = (path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return scan_files(site, sorted(names))


def scan_files(site: Path, names: Iterable[str]) -> ScanResult:
    """Scan the given files of a site."""
    leaks: list[Leak] = []
    unread: list[str] = []
    scanned = 0
    for name in names:
        leaks.extend(_find_leaks(name, 1, name))
        readable = False
        for chunk in iter_chunks(site / name):
            readable = chunk.member != _PROPERTIES
            label = f"{name}!{chunk.member}" if chunk.member else name
            leaks.extend(_find_leaks(label, chunk.line, chunk.text))
        if readable:
            scanned += 1
        else:
            unread.append(name)
    return ScanResult(tuple(leaks), scanned, tuple(unread))


def _find_leaks(name: str, line: int, text: str) -> Iterator[Leak]:
    """Yield the personal data in a text that begins at the given line of a file."""
    for match in find_unpublishable_data(text):
        yield Leak(name, line + text.count("\n", 0, match.start), match)
