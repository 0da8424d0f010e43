"""Text of PDF files: pages, properties, notes, form fields and whatever else is a text in them."""

import codecs
import io
import logging
import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from gongkai.runtime.errors import UnreadableFileError

_RADICALS = re.compile("[\u2e80-\u2fd5]")
"""Radicals, which some programs write for the characters that look the same: 一, 二, 八."""
_UNNAMED = {"⺓": "幺"}
"""Radicals of which Unicode does not say what they stand for, as far as they are digits."""
_TEXT_STREAMS = frozenset({"Metadata", "EmbeddedFile"})


def pdf_pages(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield number and text of the pages that have text.

    Raise UnreadableFileError if the file is encrypted or damaged, or pdfminer is not installed.
    """
    high_level, layout = _import("high_level"), _import("layout")
    try:
        pages = high_level.extract_pages(io.BytesIO(data), laparams=layout.LAParams(all_texts=True))
        for number, page in enumerate(pages, start=1):
            if text := "".join(_texts_of(page, layout.LTTextContainer)):
                yield number, _RADICALS.sub(_plain_character, text)
    except Exception as error:  # pdfminer raises whatever a damaged file leads to.
        raise UnreadableFileError from error


def _plain_character(match: re.Match[str]) -> str:
    return _UNNAMED.get(match[0]) or unicodedata.normalize("NFKC", match[0])


def _texts_of(element: Any, container: Any) -> Iterator[str]:  # noqa: ANN401 - pdfminer has no types
    if isinstance(element, container):
        yield element.get_text()
    elif hasattr(element, "__iter__"):
        for child in element:
            yield from _texts_of(child, container)


def pdf_strings(data: bytes) -> Iterator[str]:
    """Yield all texts outside the pages: properties, notes, form fields, bookmarks, XMP.

    Raise UnreadableFileError as `pdf_pages` does.
    """
    for value in _pdf_objects(data):
        if isinstance(value, bytes):
            is_wide = value.startswith(codecs.BOM_UTF16_BE)
            yield value.decode("utf-16" if is_wide else "utf-8", "replace")


def pdf_attachments(data: bytes) -> Iterator[bytes]:
    """Yield the metadata streams and the files within a PDF."""
    types = _import("pdftypes")
    for value in _pdf_objects(data):
        if isinstance(value, types.PDFStream):
            kind = getattr(value.attrs.get("Type"), "name", "")
            if kind in _TEXT_STREAMS:
                yield value.get_data()


def _pdf_objects(data: bytes) -> Iterator[object]:
    """Yield every value of every object of a PDF."""
    document, parser = _import("pdfdocument"), _import("pdfparser")
    try:
        pdf = document.PDFDocument(parser.PDFParser(io.BytesIO(data)))
        numbers = {number for xref in pdf.xrefs for number in xref.get_objids()}
        for number in sorted(numbers):
            yield from _values(pdf.getobj(number))
    except Exception as error:  # As above.
        raise UnreadableFileError from error


def _values(value: Any) -> Iterator[object]:  # noqa: ANN401 - pdfminer has no types
    """Yield a value and the values in it; references are not followed."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, dict):
            waiting += current.values()
        elif isinstance(current, list | tuple):
            waiting += current
        elif hasattr(current, "attrs"):
            waiting += current.attrs.values()


def _import(name: str) -> Any:  # noqa: ANN401 - pdfminer has no types
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        return import_module(f"pdfminer.{name}")
    except ImportError as error:
        raise UnreadableFileError from error
