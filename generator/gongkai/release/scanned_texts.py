"""The texts of a site's files, for the scan for personal data: whatever a reader could take out of them.

A file is recognised by its first bytes, not by its name. Archives are opened, archives in archives
too. Of pictures the attached information is read, not what they show.
"""

import codecs
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from enum import Enum
from importlib import import_module
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from gongkai.release.scanned_markup import decode_escapes, hidden_texts, visible_text
from gongkai.release.scanned_pdf import pdf_attachments, pdf_pages, pdf_strings
from gongkai.release.scanned_pictures import attached_texts, is_picture
from gongkai.runtime.errors import UnreadableFileError

MAX_DEPTH = 5
"""How many archives may lie in one another."""
MAX_MEMBER = 256 * 1024 * 1024
"""Number of bytes up to which a file is read at once, inside an archive decompressed."""
_CHUNK_SIZE = 4 * 1024 * 1024
"""Approximate number of bytes of a large text that are scanned at a time."""
_ROWS_PER_CHUNK = 5_000
_HEAD_SIZE = 1024
_PROPERTIES, _ATTACHMENT = "附带信息", "附件"
_MARKUP = frozenset({".html", ".htm", ".xhtml", ".xml", ".svg", ".atom", ".rss", ".rels", ".opf"})
_ESCAPED = frozenset({".json", ".jsonld", ".ndjson", ".geojson", ".js", ".mjs", ".map"})
_OFFICE_PARTS = ("word/", "xl/", "ppt/", "content.xml", "styles.xml")
"""Where the text of Word, Excel, PowerPoint and OpenDocument files is: in runs, which may cut numbers."""
_NUMBER_BOUNDARY = re.compile(r"[^0-9０-９A-Za-z +＋－-](?=[0-9０-９A-Za-z +＋－-]*\Z)")
"""Matches the last character of a text that cannot be part of a number."""
_READING_ERRORS = (
    *(OSError, EOFError, RuntimeError, ValueError, LookupError),
    *(zlib.error, zipfile.BadZipFile, sqlite3.DatabaseError, UnreadableFileError),
)
"""What damaged, encrypted and exotic files raise."""


class ChunkKind(Enum):
    """What a text is of the file that it was found in."""

    CONTENT = "content"
    PROPERTIES = "properties"
    """Author, title, camera and the like, or any text among bytes of another kind."""
    PICTURE = "picture"
    """No text: what a picture shows, and the content of an unknown format."""
    UNREAD = "unread"
    """No text: this file, or this member of an archive, cannot be read."""


class TextChunk(NamedTuple):
    """ChunkKind of a text, split so that no number is cut in two."""

    member: str
    """Name of the archive member or database table; empty if the file itself is the text."""
    line: int
    """Line of the text at which the chunk begins, from 1; for rows the row number, in a PDF the page."""
    text: str
    kind: ChunkKind = ChunkKind.CONTENT


def iter_chunks(
    name: str, file: IO[bytes], member: str = "", depth: int = 0
) -> Iterator[TextChunk]:
    """Yield the texts of a file; what cannot be read is a chunk of its own."""
    try:
        yield from _read(name, file, member, depth)
    except _READING_ERRORS:
        yield TextChunk(member, 1, "", ChunkKind.UNREAD)


def _read(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    head = file.read(_HEAD_SIZE)
    file.seek(0)
    for magic, read in _READERS.items():
        if head.startswith(magic):
            yield from read(name, file, member, depth)
            return
    if b"%PDF-" in head:
        yield from _pdf_chunks(name, file, member, depth)
    elif is_picture(head):
        yield from _attached_chunks(file, member)
    elif name.endswith(".bin"):
        yield from _index_chunks(name, file, member, depth)
    elif b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _attached_chunks(file, member)
    else:
        yield from _text_chunks(name, file, member)


def _read_whole(file: IO[bytes]) -> bytes:
    """Return a file's bytes; raise ValueError if there are too many."""
    data = file.read(MAX_MEMBER + 1)
    if len(data) > MAX_MEMBER:
        raise ValueError("the file is too large")
    return data


def _text_chunks(name: str, file: IO[bytes], member: str, head: bytes = b"") -> Iterator[TextChunk]:
    """Yield a text in chunks, markup and escapes decoded; the lines are those of the file.

    `head` was read from the file already.
    """
    suffix = PurePosixPath(name).suffix.lower()
    is_office = name.startswith(_OFFICE_PARTS)
    for chunk in _split_stream(member, file, head):
        text = chunk.text
        if suffix in _MARKUP or text[:500].lstrip("\ufeff \r\n").startswith("<"):
            yield chunk._replace(text=visible_text(text, in_office=is_office))
            for lines, hidden in hidden_texts(text):
                yield chunk._replace(line=chunk.line + lines, text=hidden)
        elif suffix in _ESCAPED:
            yield chunk._replace(text=decode_escapes(text))
        else:
            yield chunk


def _split_stream(name: str, file: IO[bytes], head: bytes) -> Iterator[TextChunk]:
    """Split a binary file into chunks: at the end of a line, else where no number can be."""
    data = head + file.read(_CHUNK_SIZE)
    decoder = codecs.getincrementaldecoder(_encoding(data))("replace")
    rest, line = "", 1
    while following := file.read(_CHUNK_SIZE):
        text, data = rest + decoder.decode(data), following
        boundary = None if "\n" in text else _NUMBER_BOUNDARY.search(text)
        end = text.rfind("\n") + 1 or (boundary.end() if boundary else 0)
        if end:
            yield TextChunk(name, line, text[:end])
        line += text.count("\n", 0, end)
        rest = text[end:]
    yield TextChunk(name, line, rest + decoder.decode(data, final=True))


def _encoding(data: bytes) -> str:
    """Return a text's encoding: UTF-16 with a mark, UTF-8, else the GB 18030 of older programs."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:  # The end may be in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _zip_chunks(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    del name
    prefix = f"{member}!" if member else ""
    if depth == MAX_DEPTH:
        yield TextChunk(member, 1, "", ChunkKind.UNREAD)
        return
    with zipfile.ZipFile(file) as archive:
        yield TextChunk(member, 1, "\n".join([*archive.namelist(), _comment(archive.comment)]))
        for entry in archive.infolist():
            inner = f"{prefix}{entry.filename}"
            if entry.is_dir():
                continue
            try:
                with archive.open(entry) as stream:
                    yield from _member_chunks(entry.filename, stream, inner, depth)
            except _READING_ERRORS:
                yield TextChunk(inner, 1, "", ChunkKind.UNREAD)


def _member_chunks(name: str, stream: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    """Yield the texts of an archive's member: a large text as a stream, all else from memory."""
    head = stream.read(_HEAD_SIZE)
    is_text = b"\0" not in head and not any(map(head.startswith, _READERS))
    if is_text and b"%PDF-" not in head and not is_picture(head) and not name.endswith(".bin"):
        yield from _text_chunks(name, stream, member, head)
    else:
        data = head + _read_whole(stream)
        yield from iter_chunks(name, io.BytesIO(data), member, depth + 1)


def _comment(data: bytes) -> str:
    return data.decode(_encoding(data), "replace")


def _gzip_chunks(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    if depth == MAX_DEPTH:
        yield TextChunk(member, 1, "", ChunkKind.UNREAD)
        return
    inner = name.removesuffix(".gz")
    with gzip.open(file) as stream:
        data = _read_whole(stream)  # type: ignore[arg-type]
    yield from iter_chunks(inner, io.BytesIO(data), member, depth + 1)


def _index_chunks(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    """Yield the texts of a file of the search index, which is compressed.

    Posting lists hold no text, only the code points of up to three characters in a row.
    """
    decompressor = zlib.decompressobj()
    data = decompressor.decompress(_read_whole(file), MAX_MEMBER)
    if decompressor.unconsumed_tail or not decompressor.eof:
        raise ValueError("the file is too large, or cut short")
    is_text = name.endswith(".json.bin")
    inner = name.removesuffix(".bin")
    if is_text:
        yield from iter_chunks(inner, io.BytesIO(data), member, depth + 1)
    else:
        yield TextChunk(member, 1, "")


def _database_chunks(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    del name, depth
    prefix = f"{member}!" if member else ""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(_read_whole(file))
        database.text_factory = lambda data: data.decode("utf-8", "replace")
        schema = database.execute("SELECT name, sql FROM sqlite_master").fetchall()
        yield TextChunk(member, 1, "\n".join(f"{sql}" for _, sql in schema))
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            quoted = table.replace('"', '""')
            cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - quoted
            first = 1
            while rows := cursor.fetchmany(_ROWS_PER_CHUNK):
                yield _rows_chunk(f"{prefix}{table}", first, rows)
                first += len(rows)


def _parquet_chunks(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    """Yield the rows of a Parquet file; raise ValueError if pyarrow is not installed."""
    del name, depth
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise ValueError("pyarrow is not installed") from None
    with parquet.ParquetFile(file) as table:
        yield _rows_chunk(member, 1, [table.schema_arrow.names])
        first = 1
        for batch in table.iter_batches(_ROWS_PER_CHUNK):
            columns = (column.to_pylist() for column in batch.columns)
            yield _rows_chunk(member, first, zip(*columns, strict=True))
            first += batch.num_rows


def _rows_chunk(name: str, first: int, rows: Iterable[Sequence[object]]) -> TextChunk:
    """Return rows as a chunk, one line per row."""
    lines = ("\t".join(map(_cell_text, row)).replace("\n", "\r") for row in rows)
    return TextChunk(name, first, "\n".join(lines))


def _cell_text(cell: object) -> str:
    return cell.decode(_encoding(cell), "replace") if isinstance(cell, bytes) else f"{cell}"


def _pdf_chunks(name: str, file: IO[bytes], member: str, depth: int) -> Iterator[TextChunk]:
    """Yield the pages of a PDF, then its properties and the files within it."""
    data = _read_whole(file)
    kind, label = ChunkKind.UNREAD, _inside(member, _PROPERTIES)
    inner = _inside(member, _ATTACHMENT)
    try:
        for number, text in pdf_pages(data):
            kind = ChunkKind.CONTENT
            yield TextChunk(member, number, text.replace("\n", "\r"))
        for text in pdf_strings(data):
            yield TextChunk(label, 1, text.replace("\n", "\r"), ChunkKind.PROPERTIES)
        for attachment in pdf_attachments(data):
            yield from iter_chunks(name, io.BytesIO(attachment), inner, depth + 1)
    except UnreadableFileError:
        for text in attached_texts(data):
            yield TextChunk(label, 1, text.replace("\n", "\r"), ChunkKind.PROPERTIES)
        kind = ChunkKind.UNREAD
    if kind is ChunkKind.UNREAD:
        yield TextChunk(member, 1, "", kind)


def _attached_chunks(file: IO[bytes], member: str) -> Iterator[TextChunk]:
    """Yield what a picture or another binary file has of text."""
    for text in attached_texts(_read_whole(file)):
        yield TextChunk(
            _inside(member, _PROPERTIES), 1, text.replace("\n", "\r"), ChunkKind.PROPERTIES
        )
    yield TextChunk(member, 1, "", ChunkKind.PICTURE)


def _inside(member: str, name: str) -> str:
    return f"{member}!{name}" if member else name


_READERS: dict[bytes, Callable[[str, IO[bytes], str, int], Iterator[TextChunk]]] = {
    b"PK\x03\x04": _zip_chunks,
    b"PK\x05\x06": _zip_chunks,
    b"\x1f\x8b": _gzip_chunks,
    b"SQLite format 3\0": _database_chunks,
    b"PAR1": _parquet_chunks,
}
"""Readers by the first bytes of the files that they read."""
