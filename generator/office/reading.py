"""A file of any kind that staff have, read into lines."""

from pathlib import Path

from generator.office.converting import converted
from generator.office.excel_reading import read_excel
from generator.office.lines import Document, RefusedError
from generator.office.opening import OLD, is_old, opened, read_limited
from generator.office.word_reading import read_word

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
        return read_word(package) if package.is_word else read_excel(package)
    except RecursionError:
        raise RefusedError("文件里一层套一层，套得太深，没有读取；请另存后再导入") from None
