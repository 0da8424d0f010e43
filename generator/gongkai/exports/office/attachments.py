"""Export of a disclosure's attachments as files to print, sign and stamp."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gongkai.exports.office.excel_writer import excel
from gongkai.exports.office.libreoffice import converted
from gongkai.exports.office.print_layout import Paper, papers
from gongkai.exports.office.word_writer import word
from gongkai.model.publication import Disclosure

WORD, EXCEL, PDF = "word", "excel", "pdf"
_SUFFIXES = {WORD: ".docx", EXCEL: ".xlsx", PDF: ".pdf"}
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_MAX_NAME_LENGTH = 80
"""Longest file name, in characters; file systems allow 255 bytes, and a Han character takes 3."""


def exported(
    disclosure: Disclosure, styles: Iterable[str], *, together: bool = False
) -> dict[str, bytes]:
    """Return files by name: one per attachment, or a single one with all of them."""
    layouts, formats = papers(disclosure), list(styles)
    title = f"{disclosure.unit.facts.name}{disclosure.year}年度绩效自评"
    groups = {file_name(title): layouts} if together else _group_by_file(layouts)
    return {
        f"{name}{_SUFFIXES[format_name]}": _render(format_name, group)
        for name, group in groups.items()
        for format_name in formats
    }


def _group_by_file(layouts: Sequence[Paper]) -> dict[str, list[Paper]]:
    """Return attachments by unique file name."""
    groups: dict[str, list[Paper]] = {}
    for layout in layouts:
        name = file_name(f"{layout.number} {layout.name}")
        same_name_count = sum(other == name or other.startswith(f"{name}(") for other in groups)
        groups[f"{name}({same_name_count + 1})" if same_name_count else name] = [layout]
    return groups


def file_name(text: str) -> str:
    """Return a text as a file name that every operating system allows."""
    return _FORBIDDEN.sub("_", text).strip(" ._")[:_MAX_NAME_LENGTH] or "附件"


def _render(format_name: str, group: Sequence[Paper]) -> bytes:
    """Render attachments in a format."""
    if format_name == EXCEL:
        return excel(group)
    document = word(group)
    return converted(document, ".docx", ".pdf") if format_name == PDF else document


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files or none: temporary files are renamed once all of them are written."""
    paths: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{os.urandom(8).hex()}.part")
            paths[temporary] = path
            temporary.write_bytes(data)
        for temporary, path in paths.items():
            temporary.replace(path)
    finally:
        for temporary in paths:
            temporary.unlink(missing_ok=True)
