"""PDF files: read by a process of its own, whose memory and time are limited."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gongkai
from gongkai.authoring.office.cells import OfficeDocument, Slot
from gongkai.authoring.office.source_parts import Aside, SourceText
from gongkai.runtime.errors import UnreadableFileError

PDF_SUFFIX = ".pdf"
_MEMORY, _SECONDS = 1 << 30, 30
"""Limits of one file: bytes, and seconds of CPU."""
_WAIT = 300
"""Seconds after which a file is given up, however busy the machine is."""
_START = 1024
"""Bytes within which a PDF file says that it is one."""
_MISSING = "读 PDF 需要 pdfplumber，没有安装；请运行 pip install 'gongkai[pdf]'，或者用 Word、WPS 打开后另存为 .docx"


def is_pdf(data: bytes) -> bool:
    """Return whether a file is a PDF, whatever its suffix."""
    return b"%PDF-" in data[:_START]


def read_pdf_within_limits(data: bytes) -> OfficeDocument:
    """Read a PDF file. Raise UnreadableFileError if that fails or takes too much time or memory."""
    if find_spec("pdfplumber") is None:
        raise UnreadableFileError(_MISSING)
    program = "gongkai.authoring.office.pdf_pages"
    command = [sys.executable, "-m", program, f"{_MEMORY}", f"{_SECONDS}"]
    folder = Path(gongkai.__file__).parent.parent
    try:
        finished = subprocess.run(  # noqa: S603 - our own program
            command, input=data, capture_output=True, timeout=_WAIT, check=False, cwd=folder
        )
    except subprocess.TimeoutExpired:
        finished = None
    if finished is None or finished.returncode != 0:
        raise UnreadableFileError(
            f"PDF 已经损坏，或者太大、太复杂（用了超过 {_SECONDS} 秒或 {_MEMORY >> 30} GB 内存），没有读取；"
            "请只留下有表的几页，或者用原来的 Word、Excel 文件导入"
        )
    result = json.loads(finished.stdout)
    if "refusal" in result:
        raise UnreadableFileError(result["refusal"])
    slots = [Slot(text, place, level) for text, place, level in result["slots"]]
    return OfficeDocument(
        tuple(
            tuple(None if number is None else slots[number] for number in line)
            for line in result["lines"]
        ),
        outside_text=tuple(slots[number] for number in result["outside"]),
        remarks=tuple(result["remarks"]),
        sources=tuple(map(_source, result["sources"])),
    )


def _source(values: Sequence[Any]) -> SourceText:
    """Return a source of the account from its fields in JSON."""
    place, text, aside, grid, *states = values
    return SourceText(place, text, Aside(aside), tuple(grid), *states)
