"""Rows as CSV that Excel opens right: UTF-8 with a mark at its begin, CRLF, quoted as RFC 4180 says.

Nothing is changed on the way: what is read back is what was filed, to the character.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gongkai.exports.open_data.values import DocumentRows

MARK = "\ufeff"
"""By it Excel knows that a text is UTF-8."""
_END = "\r\n"
_SHARED: Final = 8
"""The columns before it, those before “item”, are the same in all rows of a document."""
_NUMBER: Final = 17
"""The last column."""
_COMMAS = _NUMBER - _SHARED - 1


def csv_file(headings: Iterable[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a file."""
    return joined(headings, [line(row).encode() for row in rows])


def joined(headings: Iterable[str], lines: Iterable[bytes]) -> bytes:
    """Lines as a file, below the headings."""
    return b"".join((f"{MARK}{line(headings)}".encode(), *lines))


def line(values: Iterable[object]) -> str:
    """One row, with its end."""
    return f"{','.join(_quoted(f'{each}') for each in values)}{_END}"


def document_lines(document: DocumentRows) -> bytes:
    """The lines of a document: what they share is quoted once."""
    return "".join(_lines(document)).encode()


def _lines(document: DocumentRows) -> Iterator[str]:
    rows = document.rows
    shared = ",".join(_quoted(f"{each}") for each in rows[0][:_SHARED]) if rows else ""
    texts = [",".join(row[_SHARED:_NUMBER]) for row in rows]
    if not _plain("".join(texts), len(texts)):
        texts = [
            text if _plain(text, 1) else ",".join(map(_quoted, row[_SHARED:_NUMBER]))
            for text, row in zip(texts, rows, strict=True)
        ]
    return (f"{shared},{text},{row[_NUMBER]}{_END}" for text, row in zip(texts, rows, strict=True))


def _plain(text: str, rows: int) -> bool:
    """Whether rows, put together without quotes, are read back as they are."""
    whole = text.count(",") == _COMMAS * rows
    return whole and '"' not in text and "\n" not in text and "\r" not in text


def _quoted(text: str) -> str:
    """A text as it stands between two commas."""
    if '"' in text:
        text = text.replace('"', '""')
    elif "," not in text and "\n" not in text and "\r" not in text:
        return text
    return f'"{text}"'
