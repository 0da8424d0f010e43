"""A disclosure's attachments as files to be printed, signed and stamped."""

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
_ENDINGS = {WORD: ".docx", EXCEL: ".xlsx", PDF: ".pdf"}
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 80
"""How many characters a file's name may have; a Han character takes three bytes of 255."""


def exported(
    disclosure: Disclosure, styles: Iterable[str], *, together: bool = False
) -> dict[str, bytes]:
    """Files by name: one for each attachment, or one with all of them."""
    every, asked = papers(disclosure), list(styles)
    whole = f"{disclosure.unit.facts.name}{disclosure.year}年度绩效自评"
    groups = {file_name(whole): every} if together else _named(every)
    return {
        f"{name}{_ENDINGS[style]}": _made(style, group)
        for name, group in groups.items()
        for style in asked
    }


def _named(every: Sequence[Paper]) -> dict[str, list[Paper]]:
    groups: dict[str, list[Paper]] = {}
    for each in every:
        name = file_name(f"{each.number} {each.name}")
        again = sum(known == name or known.startswith(f"{name}(") for known in groups)
        groups[f"{name}({again + 1})" if again else name] = [each]
    return groups


def file_name(text: str) -> str:
    """A text as the name of a file, on any system."""
    return _FORBIDDEN.sub("_", text).strip(" ._")[:_LONGEST] or "附件"


def _made(style: str, group: Sequence[Paper]) -> bytes:
    if style == EXCEL:
        return excel(group)
    made = word(group)
    return converted(made, ".docx", ".pdf") if style == PDF else made


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files: each whole, and none before all could be written beside its place."""
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{os.urandom(8).hex()}.part")
            parts[part] = path
            part.write_bytes(data)
        for part, path in parts.items():
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
