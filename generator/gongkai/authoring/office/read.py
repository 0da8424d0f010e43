"""Reading of source files: the format is recognized by the content, not by the suffix."""

from dataclasses import replace
from pathlib import Path

from gongkai.authoring.office.cells import OfficeDocument, Slot, remove_invisible
from gongkai.authoring.office.conversions import convert_source, find_conversion
from gongkai.authoring.office.excel_reader import read_excel
from gongkai.authoring.office.html_reader import (
    HTML_SUFFIXES,
    is_web_archive,
    is_web_page,
    read_html,
)
from gongkai.authoring.office.pdf_reader import PDF_SUFFIX, is_pdf, read_pdf_within_limits
from gongkai.authoring.office.safety import LEGACY_SUFFIXES, open_package, read_limited
from gongkai.authoring.office.source_texts import source_texts
from gongkai.authoring.office.text_reader import TEXT_SUFFIXES, is_text, read_text
from gongkai.authoring.office.word_reader import read_word
from gongkai.model.personal_data import mask_personal_data
from gongkai.runtime.errors import UnreadableFileError

OFFICE_SUFFIXES = frozenset({
    ".docx", ".docm", ".xlsx", ".xlsm", *LEGACY_SUFFIXES, *HTML_SUFFIXES, *TEXT_SUFFIXES,
    PDF_SUFFIX,
})  # fmt: skip
"""Suffixes of the files that are read from a folder."""


def read_office_file(path: Path) -> OfficeDocument:
    """Read a file of any format. Raise UnreadableFileError, with the reason in Chinese, if it is unusable."""
    data = read_limited(path)
    try:
        return _cover_personal_numbers(_read_content(data, path.suffix.lower()))
    except RecursionError:
        raise UnreadableFileError("文件里一层套一层，套得太深，没有读取；请另存后再导入") from None


def _read_content(data: bytes, suffix: str) -> OfficeDocument:
    """Read a file's content with the reader of its format."""
    conversion = find_conversion(data, suffix)
    data = convert_source(data, conversion) if conversion else data
    if is_pdf(data):
        return read_pdf_within_limits(data)
    is_page = is_web_page(data) or is_web_archive(data)
    if is_text(data) and (is_page or suffix in HTML_SUFFIXES):
        return read_html(data)
    if is_text(data) and suffix in {*TEXT_SUFFIXES, *LEGACY_SUFFIXES}:
        return read_text(data)
    package = open_package(data)
    document = read_word(package) if package.is_word else read_excel(package)
    return replace(document, sources=tuple(source_texts(package.parts)))


def _cover_personal_numbers(document: OfficeDocument) -> OfficeDocument:
    """Cover personal numbers, and add a remark on where they were."""
    safe_slots: dict[Slot, Slot] = {}
    places: list[str] = []

    def safe_slot(slot: Slot) -> Slot:
        if slot not in safe_slots:
            shown = remove_invisible(slot.text)
            text = mask_personal_data(shown)
            safe_slots[slot] = slot if text == slot.text else replace(slot, text=text)
            places.extend([slot.place] if text != shown else [])
        return safe_slots[slot]

    lines = tuple(tuple(slot and safe_slot(slot) for slot in line) for line in document.lines)
    aside = tuple(map(safe_slot, document.outside_text))
    remarks = (f"个人号码已遮盖：{'、'.join(places)}",) if places else ()
    return replace(document, lines=lines, outside_text=aside, remarks=(*document.remarks, *remarks))
