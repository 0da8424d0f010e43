"""Formats that LibreOffice converts before they are read: which a file has, and what it becomes."""

import re
from typing import NamedTuple

from gongkai.authoring.office.safety import (
    LEGACY_SUFFIXES,
    OLE,
    is_legacy_file,
    list_archive,
)
from gongkai.authoring.office.text_reader import is_text
from gongkai.exports.office.libreoffice import convert_file
from gongkai.runtime.errors import UnreadableFileError

WORD, EXCEL = ".docx", ".xlsx"


class Conversion(NamedTuple):
    """The suffix that a file's content has, and that of the format it is converted to."""

    old: str
    new: str


_STREAMS = {
    "WordDocument".encode("utf-16-le"): Conversion(".doc", WORD),
    "Workbook".encode("utf-16-le"): Conversion(".xls", EXCEL),
    "Book".encode("utf-16-le"): Conversion(".xls", EXCEL),
}
"""Streams of OLE files, which distinguish those of Word from those of Excel."""
_BEGINNINGS = (
    (re.compile(rb"\s*\{\\rtf"), Conversion(".rtf", WORD)),
    (re.compile(rb".{0,2000}office/word/2003/wordml", re.DOTALL), Conversion(".xml", WORD)),
    (
        re.compile(rb".{0,2000}microsoft-com:office:spreadsheet", re.DOTALL),
        Conversion(".xml", EXCEL),
    ),
)
_OPEN_DOCUMENT = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", Conversion(".odt", WORD)),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Conversion(".ods", EXCEL)),
)
_ARCHIVE_START = 200
"""Bytes within which an OpenDocument file names its type."""


def find_conversion(data: bytes, suffix: str) -> Conversion | None:
    """Return how a file has to be converted; None for a format that is read as it is."""
    if is_legacy_file(data):
        possible = {conversion for name, conversion in _STREAMS.items() if name in data}
        by_content = sorted(possible, key=lambda conversion: conversion.old != suffix)
        return by_content[0] if by_content else _by_suffix(suffix)
    for beginning, conversion in _BEGINNINGS:
        if beginning.match(data):
            return conversion
    for mark, conversion in _OPEN_DOCUMENT:
        if mark in data[:_ARCHIVE_START]:
            return conversion
    needs_program = suffix in LEGACY_SUFFIXES and not is_text(data)
    return _by_suffix(suffix) if needs_program and not data.startswith((OLE, b"PK")) else None


def _by_suffix(suffix: str) -> Conversion:
    """Return the conversion of a file whose content does not say what it is."""
    if suffix not in LEGACY_SUFFIXES:
        raise UnreadableFileError(
            f"文件名以 {suffix} 结尾，内容却是旧格式；请用 Word、Excel 或 WPS 打开，另存为 .docx 或 .xlsx"
        )
    return Conversion(suffix, LEGACY_SUFFIXES[suffix])


def convert_source(data: bytes, conversion: Conversion) -> bytes:
    """Convert a file with LibreOffice. Raise UnreadableFileError if that fails or the file is unsafe."""
    if data.startswith(b"PK"):
        list_archive(data)
    return convert_file(data, conversion.old, conversion.new)
