"""Opening of untrusted Office files: refuses oversized, encrypted and damaged ones."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from gongkai.runtime.errors import UnreadableFileError

MAX_FILE_SIZE, MAX_PART_SIZE, MAX_UNPACKED_SIZE = 20 << 20, 16 << 20, 64 << 20
"""Limits in bytes: a file, one unpacked part, all unpacked parts."""
MAX_PARTS = 2000
"""Most entries in the zip archive."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Start of files of legacy formats, and of encrypted ones."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = (
    re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE),
    "<!DOCTYPE".encode("utf-16-le"),
)
LEGACY_SUFFIXES = {
    ".doc": ".docx", ".wps": ".docx", ".rtf": ".docx", ".odt": ".docx",
    ".xls": ".xlsx", ".et": ".xlsx", ".ods": ".xlsx",
}  # fmt: skip
"""Suffixes of other formats, and the suffix of what LibreOffice converts them to."""
_NOT_OFFICE = "不是 Word（.docx）或 Excel（.xlsx）文件，或者已经损坏；请用 Word 或 WPS 打开，另存为 .docx 或 .xlsx 再导入"
_OFD = "这是 OFD 版式文件，读不了；请用 OFD 阅读器打开，另存为 PDF 或 Word 再导入"


_STRICT_NAMESPACE = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_MAIN_PARTS = {
    b"/wordprocessingml/2006/main": "word/document.xml",
    b"/spreadsheetml/2006/main": "xl/workbook.xml",
}
"""Names that programs usually give to the main part, by the namespace of its content."""


class Relationship(NamedTuple):
    """A relationship from one part of a package to another."""

    kind: str
    """The last step of its type: worksheet, sharedStrings, comments …"""
    target: str
    """Name of the other part; a URL if `is_external`."""
    is_external: bool


@dataclass(frozen=True)
class OfficePackage:
    """An Office file and its unpacked XML parts."""

    data: bytes
    parts: dict[str, bytes]
    """The XML parts by name, e.g. “word/document.xml”."""
    has_macros: bool

    @property
    def is_word(self) -> bool:
        """Whether this is a Word file, whatever its suffix."""
        return self._has_content(b"/wordprocessingml/2006/main")

    @property
    def is_excel(self) -> bool:
        """Whether this is an Excel file, whatever its suffix."""
        return self._has_content(b"/spreadsheetml/2006/main")

    def _has_content(self, namespace: bytes) -> bool:
        return namespace in self.parts.get(self.main_part, b"")[:4000]

    @cached_property
    def main_part(self) -> str:
        """Name of the part with the document or the workbook."""
        targets = [*self.related_parts("", "officeDocument"), *_MAIN_PARTS.values()]
        return next((name for name in targets if name in self.parts), "")

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part by their id; those of the package for an empty name."""
        folder, name = posixpath.split(part)
        data = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        try:
            root = fromstring(data) if data else ()
        except (ParseError, ValueError):
            return {}
        return {
            element.get("Id", ""): Relationship(
                element.get("Type", "").rpartition("/")[2],
                self._resolve(folder, element.get("Target", "")),
                element.get("TargetMode") == "External",
            )
            for element in root
        }

    def related_parts(self, part: str, kind: str) -> Iterator[str]:
        """Yield the names of the parts that a part is related to in one way, e.g. “styles”."""
        for relationship in self.relationships(part).values():
            if relationship.kind == kind and relationship.target in self.parts:
                yield relationship.target

    def _resolve(self, folder: str, target: str) -> str:
        """Return the name of a target; names of parts differ in more than their case."""
        path = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))
        name = path.lstrip("/")
        return name if name in self.parts else self._names.get(name.lower(), name)

    @cached_property
    def _names(self) -> dict[str, str]:
        """The names of the parts by their lower case."""
        return {name.lower(): name for name in self.parts}


def is_legacy_file(data: bytes) -> bool:
    """Return whether this is an unencrypted file of a legacy format (OLE, before .docx and .xlsx)."""
    return data.startswith(OLE) and _ENCRYPTED not in data


def read_limited(path: Path) -> bytes:
    """Read a file. Raise UnreadableFileError if it is larger than MAX_FILE_SIZE."""
    size = path.stat().st_size
    if size > MAX_FILE_SIZE:
        raise UnreadableFileError(
            f"文件有 {size >> 20} MB，超过 {MAX_FILE_SIZE >> 20} MB；请删去里面的图片再导入"
        )
    return path.read_bytes()


def open_package(data: bytes) -> OfficePackage:
    """Unpack an Office file. Raise UnreadableFileError if it is encrypted, damaged or too large."""
    if data.startswith(OLE):
        raise UnreadableFileError(
            "文件加了密码，打不开；请在 Word 或 Excel 里去掉密码，另存后再导入"
        )
    names = list_archive(data)
    if "OFD.xml" in names:
        raise UnreadableFileError(_OFD)
    parts = _read_parts(data)
    package = OfficePackage(data, parts, any(name.endswith("vbaProject.bin") for name in names))
    if not (package.is_word or package.is_excel):
        raise UnreadableFileError(_NOT_OFFICE)
    return package


def list_archive(data: bytes) -> list[str]:
    """Return the names in a zip archive. Raise UnreadableFileError if it is encrypted, damaged or too large."""
    with _open_archive(data) as archive:
        entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFileError("文件加了密码，打不开；请去掉密码，另存后再导入")
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_SIZE:
        raise UnreadableFileError(
            "文件解开后太大，不像是填报的表格，没有读取；请只保留表格，另存后再导入"
        )
    return [entry.filename for entry in entries]


@contextmanager
def _open_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive. Raise UnreadableFileError if it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError):
        raise UnreadableFileError(_NOT_OFFICE) from None
    except (ValueError, RuntimeError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise UnreadableFileError(_NOT_OFFICE) from None


def _read_parts(data: bytes) -> dict[str, bytes]:
    """Unpack the XML parts within the limits, “Strict Open XML” in the usual namespaces."""
    parts: dict[str, bytes] = {}
    with _open_archive(data) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                name = entry.filename.replace("\\", "/").lstrip("/")
                parts[name] = _STRICT_NAMESPACE.sub(
                    rb"http://schemas.openxmlformats.org/\1/2006/", _read_part(archive, entry)
                )
    return parts


def _read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack an XML part. Raise UnreadableFileError if it is too large or unsafe."""
    if entry.file_size > MAX_PART_SIZE:
        raise UnreadableFileError(
            f"文件里的“{entry.filename}”太大，没有读取；请删去多余的行列再导入"
        )
    part = archive.read(entry)
    if _DOCTYPES[0].search(part) or _DOCTYPES[1] in part:
        raise UnreadableFileError("文件里含有外部实体（DOCTYPE），不安全，没有读取")
    return part
