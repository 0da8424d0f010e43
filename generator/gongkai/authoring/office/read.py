"""A file of any kind that staff have, read into lines."""

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
"""What files are looked for in a folder."""


def read_file(path: Path) -> Document:
    """A file's lines; RefusedError tells why it is not read."""
    data = read_limited(path)
    ending = path.suffix.lower()
    if is_old(data) or (ending in OLD and not data.startswith(b"PK")):
        if ending not in OLD:
            raise RefusedError(
                f"文件名以 {ending} 结尾，内容却是旧格式；请用 Word、Excel 或 WPS 打开，另存为 .docx 或 .xlsx"
            )
        data = converted(data, ending, OLD[ending])
    package = opened(data)
    try:
        return _covered(read_word(package) if package.is_word else read_excel(package))
    except RecursionError:
        raise RefusedError("文件里一层套一层，套得太深，没有读取；请另存后再导入") from None


def _covered(document: Document) -> Document:
    """The same without personal numbers, and a remark on where they stood."""
    seen: dict[int, Slot] = {}
    places: list[str] = []

    def safe(slot: Slot) -> Slot:
        if id(slot) not in seen:
            text = cover(slot.text)
            seen[id(slot)] = slot if text == slot.text else replace(slot, text=text)
            places.extend([slot.place] if text != slot.text else [])
        return seen[id(slot)]

    lines = tuple(tuple(slot and safe(slot) for slot in line) for line in document.lines)
    aside = tuple(map(safe, document.aside))
    told = (f"个人号码已遮盖：{'、'.join(places)}",) if places else ()
    return replace(document, lines=lines, aside=aside, remarks=(*document.remarks, *told))
