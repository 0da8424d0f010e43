"""Text reader: decoding of text files, and the rows of CSV files."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot
from gongkai.authoring.office.source_runs import sources_of, text_runs
from gongkai.runtime.errors import UnreadableFileError

TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
"""Suffixes of text files with a row per line."""
MAX_CELLS = 200_000
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",\t;|，；"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\n')
"""Excel's own line on the delimiter, above the rows."""
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
"""A formula that keeps Excel from reading digits as a number."""


def decode_text(data: bytes, declared: str = "") -> str:
    """Decode a text by its BOM, as UTF-8, as GB 18030, or as declared. Raise UnreadableFileError if none fits."""
    bom = next((codec for mark, codec in _BOMS.items() if data.startswith(mark)), "")
    for codec in (bom, "utf-8", *_utf16_codecs(data), "gb18030", declared):
        try:
            text = data.decode(codec) if codec else ""
        except (UnicodeDecodeError, LookupError):
            continue
        if text and "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFileError(
        "文件里有无法识别的字节，编码不是 UTF-8、UTF-16 或 GBK，或者已经损坏；请打开后另存为 UTF-8 再导入"
    )


def _utf16_codecs(data: bytes) -> Iterator[str]:
    """Yield the byte order of a text in UTF-16 without a BOM, whose ASCII characters have zero bytes."""
    if data.count(0):
        little_endian = data[1::2].count(0) > data[::2].count(0)
        yield "utf-16-le" if little_endian else "utf-16-be"


def is_text(data: bytes) -> bool:
    """Return whether a file is text: without zero bytes, or in UTF-16."""
    return data.startswith(tuple(_BOMS)) or b"\x00" not in data[:4096]


def read_text(data: bytes) -> OfficeDocument:
    """Read the rows of a CSV file or the lines of a text. Raise UnreadableFileError if it has too many cells."""
    text = decode_text(data) if data.strip() else ""
    separator = _SEPARATOR_LINE.match(text)
    text = text[separator.end() :] if separator else text
    delimiter = separator[1] if separator else _find_delimiter(text)
    lines: list[Line] = []
    cells = 0
    try:
        for number, row in enumerate(_rows(text, delimiter), start=1):
            cells += len(row)
            if cells > MAX_CELLS:
                raise UnreadableFileError(f"表格超过 {MAX_CELLS} 格，没有读取；请删去多余的行")
            lines.append(tuple(_slot(cell, number, column) for column, cell in enumerate(row)))
    except csv.Error:
        raise UnreadableFileError(
            "CSV 的引号不成对，分不清各格；请用 Excel 或 WPS 打开，另存后再导入"
        ) from None
    document = OfficeDocument(
        tuple(line for line in lines if any(slot and slot.text for slot in line))
    )
    return replace(document, sources=sources_of(text_runs(text), document))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a text; the lines of a text without delimiter."""
    if not delimiter:
        return ([line] for line in text.split("\n"))
    return iter(csv.reader(io.StringIO(text), delimiter=delimiter))


def _find_delimiter(text: str) -> str:
    """Return the delimiter that most rows have; empty if hardly any row has one."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.split("\n") if line.strip()]
    counts = {delimiter: sum(delimiter in line for line in lines) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: counts[delimiter])
    return best if counts[best] * 2 > len(lines) else ""


def _slot(text: str, row: int, column: int) -> Slot:
    formula = _TEXT_FORMULA.fullmatch(text.strip())
    return Slot((formula[1] if formula else text).strip(), f"第{row}行第{column + 1}列")
