"""CSV files that Excel opens correctly: UTF-8 with a byte order mark, CRLF, quoting by RFC 4180.

Values are written verbatim: a CSV reader returns every filed character.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gongkai.exports.open_data.values import DocumentRows

BYTE_ORDER_MARK = "\ufeff"
"""Makes Excel read a file as UTF-8."""
_LINE_END = "\r\n"
_SHARED: Final = 8
"""Index of the column “item”; the columns before it are equal in all rows of a document."""
_NUMBER: Final = 17
"""Index of the last column, “sequence”."""
_COMMAS = _NUMBER - _SHARED - 1
"""Separators in a row between these two columns."""


def csv_file(headings: Iterable[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as the bytes of a CSV file."""
    return join_csv_lines(headings, [csv_line(row).encode() for row in rows])


def join_csv_lines(headings: Iterable[str], lines: Iterable[bytes]) -> bytes:
    """Return a CSV file of the headings and of lines that are encoded already."""
    return b"".join((f"{BYTE_ORDER_MARK}{csv_line(headings)}".encode(), *lines))


def csv_line(values: Iterable[object]) -> str:
    """Return one row, with its line end."""
    return f"{','.join(_quote(f'{value}') for value in values)}{_LINE_END}"


def document_lines(document: DocumentRows) -> bytes:
    """Return the lines of a document; the columns that all rows share are quoted only once."""
    return "".join(_lines(document)).encode()


def _lines(document: DocumentRows) -> Iterator[str]:
    rows = document.rows
    shared = ",".join(_quote(f"{value}") for value in rows[0][:_SHARED]) if rows else ""
    texts = [",".join(row[_SHARED:_NUMBER]) for row in rows]
    if not _needs_no_quotes("".join(texts), len(texts)):
        texts = [
            text if _needs_no_quotes(text, 1) else ",".join(map(_quote, row[_SHARED:_NUMBER]))
            for text, row in zip(texts, rows, strict=True)
        ]
    return (
        f"{shared},{text},{row[_NUMBER]}{_LINE_END}" for text, row in zip(texts, rows, strict=True)
    )


def _needs_no_quotes(text: str, rows: int) -> bool:
    """Return whether rows, joined without quotes, contain no character that requires them."""
    only_separators = text.count(",") == _COMMAS * rows
    return only_separators and '"' not in text and "\n" not in text and "\r" not in text


def _quote(text: str) -> str:
    """Return a CSV field, in quotes only where RFC 4180 requires them."""
    if '"' in text:
        text = text.replace('"', '""')
    elif "," not in text and "\n" not in text and "\r" not in text:
        return text
    return f'"{text}"'
