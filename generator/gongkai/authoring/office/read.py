"""Reading of Office files of any supported format."""

from dataclasses import replace
from pathlib import Path

from gongkai.authoring.office.cells import OfficeDocument, Slot
from gongkai.authoring.office.excel_reader import read_excel
from gongkai.authoring.office.safety import (
    LEGACY_SUFFIXES,
    is_legacy_file,
    open_package,
    read_limited,
)
from gongkai.authoring.office.word_reader import read_word
from gongkai.exports.office.libreoffice import convert_file
from gongkai.model.personal_data import mask_personal_data
from gongkai.runtime.errors import UnreadableFileError

OFFICE_SUFFIXES = frozenset({".docx", ".docm", ".xlsx", ".xlsm", *LEGACY_SUFFIXES})
"""Suffixes of the files that are read from a folder."""


def read_office_file(path: Path) -> OfficeDocument:
    """Read a Word or Excel file. Raise UnreadableFileError, with the reason in Chinese, if it is unusable."""
    data = read_limited(path)
    suffix = path.suffix.lower()
    if is_legacy_file(data) or (suffix in LEGACY_SUFFIXES and not data.startswith(b"PK")):
        if suffix not in LEGACY_SUFFIXES:
            raise UnreadableFileError(
                f"文件名以 {suffix} 结尾，内容却是旧格式；请用 Word、Excel 或 WPS 打开，另存为 .docx 或 .xlsx"
            )
        data = convert_file(data, suffix, LEGACY_SUFFIXES[suffix])
    package = open_package(data)
    try:
        return _cover_personal_numbers(
            read_word(package) if package.is_word else read_excel(package)
        )
    except RecursionError:
        raise UnreadableFileError("文件里一层套一层，套得太深，没有读取；请另存后再导入") from None


def _cover_personal_numbers(document: OfficeDocument) -> OfficeDocument:
    """Cover personal numbers, and add a remark on where they were."""
    safe_slots: dict[Slot, Slot] = {}
    places: list[str] = []

    def safe_slot(slot: Slot) -> Slot:
        if slot not in safe_slots:
            text = mask_personal_data(slot.text)
            safe_slots[slot] = slot if text == slot.text else replace(slot, text=text)
            places.extend([slot.place] if text != slot.text else [])
        return safe_slots[slot]

    lines = tuple(tuple(slot and safe_slot(slot) for slot in line) for line in document.lines)
    aside = tuple(map(safe_slot, document.outside_text))
    remarks = (f"个人号码已遮盖：{'、'.join(places)}",) if places else ()
    return replace(document, lines=lines, outside_text=aside, remarks=(*document.remarks, *remarks))
