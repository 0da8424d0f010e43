"""CSV files that Excel opens correctly: UTF-8 with a byte order mark, CRLF, quoting by RFC 4180.

Values are written verbatim, so that a CSV reader returns every filed character; only a value that a
spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from gongkai.exports.open_data.values import DocumentRows, ValueRow
from gongkai.model.spreadsheet_formulas import guard_formula, may_hold_formula

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
    rows = [list(row) for row in rows]
    text = _write_rows(rows)
    return _write_rows(_guard_rows(rows)) if may_hold_formula(text) else text


def _write_rows(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _guard_rows(rows: Iterable[Iterable[object]]) -> Iterator[list[object]]:
    return (list(map(guard_formula, row)) for row in rows)


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
    if may_hold_formula("".join(lines)):
        lines.clear()
        writer.writerows(_guard_rows(map(_own_values, document.rows)))
    return "".join(f"{shared},{line}" for line in lines)


class _Lines(list[str]):
    """Receives the lines of a CSV writer, one by one."""

    write = list[str].append
