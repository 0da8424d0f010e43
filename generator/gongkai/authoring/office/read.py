"""Reading of Office files of any supported format."""

from dataclasses import replace
from pathlib import Path

from gongkai.authoring.office.cells import Document, Slot
from gongkai.authoring.office.excel_reader import read_excel
from gongkai.authoring.office.safety import OLD, is_old, opened, read_limited
from gongkai.authoring.office.word_reader import read_word
from gongkai.exports.office.libreoffice import converted
from gongkai.model.personal_data import cover
from gongkai.runtime.errors import RefusedError

ENDINGS = frozenset({".docx", ".docm", ".xlsx", ".xlsm", *OLD})
"""Suffixes of the files that are read from a folder."""


def read_file(path: Path) -> Document:
    """Read a Word or Excel file. Raise RefusedError, with the reason in Chinese, if it is unusable."""
    data = read_limited(path)
    suffix = path.suffix.lower()
    if is_old(data) or (suffix in OLD and not data.startswith(b"PK")):
        if suffix not in OLD:
            raise RefusedError(
                f"文件名以 {suffix} 结尾，内容却是旧格式；请用 Word、Excel 或 WPS 打开，另存为 .docx 或 .xlsx"
            )
        data = converted(data, suffix, OLD[suffix])
    package = opened(data)
    try:
        return _cover_personal_numbers(
            read_word(package) if package.is_word else read_excel(package)
        )
    except RecursionError:
        raise RefusedError("文件里一层套一层，套得太深，没有读取；请另存后再导入") from None


def _cover_personal_numbers(document: Document) -> Document:
    """Cover personal numbers, and add a remark on where they were."""
    safe_slots: dict[int, Slot] = {}
    places: list[str] = []

    def safe_slot(slot: Slot) -> Slot:
        if id(slot) not in safe_slots:
            text = cover(slot.text)
            safe_slots[id(slot)] = slot if text == slot.text else replace(slot, text=text)
            places.extend([slot.place] if text != slot.text else [])
        return safe_slots[id(slot)]

    lines = tuple(tuple(slot and safe_slot(slot) for slot in line) for line in document.lines)
    aside = tuple(map(safe_slot, document.aside))
    remarks = (f"个人号码已遮盖：{'、'.join(places)}",) if places else ()
    return replace(document, lines=lines, aside=aside, remarks=(*document.remarks, *remarks))
