"""CSV files that Excel opens correctly: UTF-8 with a byte order mark, CRLF, quoting by RFC 4180.

Values are written verbatim: a CSV reader returns every filed character.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from operator import itemgetter

from gongkai.exports.open_data.values import DocumentRows, ValueRow

BYTE_ORDER_MARK = "\ufeff"
"""Makes Excel read a file as UTF-8."""
_OWN = ValueRow._fields.index("item")
"""The columns before this one are equal in all rows of a document."""
_own_values = itemgetter(slice(_OWN, None))


def csv_file(headings: Sequence[str], lines: Iterable[str]) -> bytes:
    """Return the headings and the lines of rows as the bytes of a CSV file."""
    return "".join((BYTE_ORDER_MARK, csv_lines([headings]), *lines)).encode()


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def document_lines(document: DocumentRows) -> str:
    """Return the rows of a document as lines of CSV.

    Formatting the shared columns only once halves the time.
    """
    if not document.rows:
        return ""
    lines = _Lines()
    writer = csv.writer(lines)
    shared = csv_lines([document.rows[0][:_OWN]]).removesuffix("\r\n")
    writer.writerows(map(_own_values, document.rows))
    return "".join(f"{shared},{line}" for line in lines)


class _Lines(list[str]):
    """Receives the lines of a CSV writer, one by one."""

    write = list[str].append
