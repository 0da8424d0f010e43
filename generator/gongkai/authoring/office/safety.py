"""Opening files of strangers: what is too large, encrypted, or no Word or Excel file is refused."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from gongkai.runtime.errors import RefusedError

LARGEST_FILE, LARGEST_PART, LARGEST_WHOLE = 20 << 20, 16 << 20, 64 << 20
"""In bytes: a file, one part of it unpacked, all its parts unpacked."""
MOST_PARTS = 2000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TYPES = (re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE), "<!DOCTYPE".encode("utf-16-le"))
OLD = {".doc": ".docx", ".wps": ".docx", ".xls": ".xlsx", ".et": ".xlsx"}
"""Old kinds of files, and what LibreOffice makes of them."""
_NO = "不是 Word（.docx）或 Excel（.xlsx）文件，或者已经损坏；请用 Word 或 WPS 打开，另存为 .docx 或 .xlsx 再导入"


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of an Office file."""

    data: bytes
    parts: dict[str, bytes]
    """The XML parts by name."""
    macros: bool

    @property
    def is_word(self) -> bool:
        """Whether it is a Word file, whatever its name says."""
        return "word/document.xml" in self.parts

    @property
    def is_excel(self) -> bool:
        """Whether it is an Excel file."""
        return "xl/workbook.xml" in self.parts


def is_old(data: bytes) -> bool:
    """Whether it is a file of the kind before .docx and .xlsx, not encrypted."""
    return data.startswith(_OLE) and _ENCRYPTED not in data


def read_limited(path: Path) -> bytes:
    """The bytes of a file that is not too large."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise RefusedError(
            f"文件有 {size >> 20} MB，超过 {LARGEST_FILE >> 20} MB；请删去里面的图片再导入"
        )
    return path.read_bytes()


def opened(data: bytes) -> Package:
    """An Office file's parts, of bounded size."""
    if data.startswith(_OLE):
        raise RefusedError("文件加了密码，打不开；请在 Word 或 Excel 里去掉密码，另存后再导入")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive)
            names = archive.namelist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError):
        raise RefusedError(_NO) from None
    except (ValueError, RuntimeError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise RefusedError(_NO) from None
    package = Package(data, parts, any(name.endswith("vbaProject.bin") for name in names))
    if not (package.is_word or package.is_excel):
        raise RefusedError(_NO)
    return package


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("文件加了密码，打不开；请去掉密码，另存后再导入")
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise RefusedError("文件解开后太大，不像是填报的表格，没有读取；请只保留表格，另存后再导入")
    parts: dict[str, bytes] = {}
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            if entry.file_size > LARGEST_PART:
                raise RefusedError(
                    f"文件里的“{entry.filename}”太大，没有读取；请删去多余的行列再导入"
                )
            parts[entry.filename] = archive.read(entry)
            if _TYPES[0].search(parts[entry.filename]) or _TYPES[1] in parts[entry.filename]:
                raise RefusedError("文件里含有外部实体（DOCTYPE），不安全，没有读取")
    return parts
