"""Export of a disclosure's attachments as files to print, sign and stamp."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gongkai.exports.office.excel_writer import render_excel
from gongkai.exports.office.libreoffice import convert_file
from gongkai.exports.office.print_layout import AttachmentLayout, attachment_layouts
from gongkai.exports.office.word_writer import render_word
from gongkai.model.publication import Disclosure

WORD, EXCEL, PDF = "word", "excel", "pdf"
_SUFFIXES = {WORD: ".docx", EXCEL: ".xlsx", PDF: ".pdf"}
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_MAX_NAME_LENGTH = 80
"""Longest file name, in characters; file systems allow 255 bytes, and a Han character takes 3."""


def export_attachments(
    disclosure: Disclosure, styles: Iterable[str], *, together: bool = False
) -> dict[str, bytes]:
    """Return files by name: one per attachment, or a single one with all of them."""
    layouts, formats = attachment_layouts(disclosure), list(styles)
    title = f"{disclosure.unit.facts.name}{disclosure.year}年度{disclosure.subject}"
    groups = {safe_file_name(title): layouts} if together else _group_by_file(layouts)
    return {
        f"{name}{_SUFFIXES[format_name]}": _render(format_name, group)
        for name, group in groups.items()
        for format_name in formats
    }


def _group_by_file(layouts: Sequence[AttachmentLayout]) -> dict[str, list[AttachmentLayout]]:
    """Return attachments by unique file name."""
    groups: dict[str, list[AttachmentLayout]] = {}
    for layout in layouts:
        name = safe_file_name(f"{layout.number} {layout.name}")
        same_name_count = sum(other == name or other.startswith(f"{name}(") for other in groups)
        groups[f"{name}({same_name_count + 1})" if same_name_count else name] = [layout]
    return groups


def safe_file_name(text: str) -> str:
    """Return a text as a file name that every operating system allows."""
    return _FORBIDDEN.sub("_", text).strip(" ._")[:_MAX_NAME_LENGTH] or "附件"


def _render(format_name: str, group: Sequence[AttachmentLayout]) -> bytes:
    """Render attachments in a format."""
    if format_name == EXCEL:
        return render_excel(group)
    document = render_word(group)
    return convert_file(document, ".docx", ".pdf") if format_name == PDF else document


def write_files_atomically(files: Mapping[Path, bytes]) -> None:
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
