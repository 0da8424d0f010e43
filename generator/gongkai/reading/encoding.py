"""File decoding: detects the encoding, reports invisible and lookalike characters, mends them."""

import errno
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.problems import Level
from gongkai.reading.lookalike_digits import (
    LOOKALIKE,
    ascii_digit,
    has_lookalikes,
    lookalike_message,
)
from gongkai.runtime.os_errors import explain_os_error

_OFFICE = "请用 gongkai import 导入它，不要改它的扩展名"
_SIGNATURES = (
    (b"PK\x03\x04", " Word、Excel 文件或压缩包", _OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式的 Word、Excel 文件", _OFFICE),
    (b"{\\rtf", " RTF 文件", "请用 Word 或 WPS 另存为 .docx，再用 gongkai import 导入"),
    (b"%PDF-", " PDF 文件", "请用 Word 或 Excel 的原件，用 gongkai import 导入"),
    (b"\x89PNG", "图片", "请照图片上的内容填写文件"),
    (b"\xff\xd8\xff", "图片", "请照图片上的内容填写文件"),
    (b"GIF8", "图片", "请照图片上的内容填写文件"),
    (b"Rar!", "压缩包", "请先解压"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包", "请先解压"),
    (b"\x1f\x8b", "压缩包", "请先解压"),
    (b"<!doctype html", "网页", "请只保留表里的内容，照表式填写"),
    (b"<html", "网页", "请只保留表里的内容，照表式填写"),
    (b"<?xml", " XML 文件", "请只保留表里的内容，照表式填写"),
)
"""First bytes of files that are no text, in lower case where it does not matter; what they are, and advice."""
MAX_FILE_SIZE = 1_000_000
"""Largest file that is read, in bytes; a filled-in table has about 10,000."""

_RESAVE = "请用记事本或 WPS 打开，选“另存为”，编码选“UTF-8”后保存"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff"
    "\U0001fffe\U0001ffff\U000e0000-\U000e0fff]"
)
_CHARACTER_KINDS = (
    ("\ufffd", "\ufffd", "乱码字符（原字已丢失）", "重新输入原来的字"),
    ("\x00", "\x1f", "控制字符", "删去"),
    ("\x7f", "\x9f", "控制字符", "删去"),
    ("\u2028", "\u2029", "特殊换行符", "删去，用回车键换行"),
    ("\u202a", "\u202e", "文字方向控制符", "删去"),
    ("\u2066", "\u2069", "文字方向控制符", "删去"),
    ("\u200e", "\u200f", "文字方向控制符", "删去"),
    ("\u061c", "\u061c", "文字方向控制符", "删去"),
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault at a 1-based line and column of a file, with its Chinese message."""

    line: int
    column: int
    message: str
    level: Level = Level.E


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text with LF line ends, and the faults in its bytes and characters."""

    text: str
    """The text as the author's editor shows it."""
    clean: str
    """The text without invisible characters, and with ASCII digits for their lookalikes."""
    faults: tuple[Fault, ...] = ()


def fault_at(text: str, index: int, message: str) -> Fault:
    """Return a fault at a character index of the text."""
    line_start = text.rfind("\n", 0, index) + 1
    return Fault(text.count("\n", 0, index) + 1, index - line_start + 1, message)


def read_bytes(path: Path) -> bytes | Fault:
    """Read a file's bytes; return a fault if it is too large or cannot be opened."""
    try:
        status = path.stat()
        if status.st_size > MAX_FILE_SIZE:
            return _size_fault(status.st_size)
        if stat.S_ISREG(status.st_mode):  # Opening a pipe would block until somebody writes.
            return path.read_bytes()
    except OSError as error:
        return Fault(1, 1, _closed_file_message(path, error))
    return Fault(1, 1, "这不是普通的文件，没有读入；请换成文件本身，或删去它")


def _closed_file_message(path: Path, error: OSError) -> str:
    if path.is_symlink() and error.errno in {errno.ENOENT, errno.ELOOP}:
        target = path.readlink()
        return f"这是一个链接，所指的“{target}”打不开；请把链接换成文件本身，或删去它"
    return f"文件打不开：{explain_os_error(error)}；请确认它没有被其他程序占用，并且允许读取"


def _size_fault(size: int) -> Fault:
    shown = f"{size / 1_000_000:.1f} MB" if size < 10 * MAX_FILE_SIZE else f"{size // 1_000_000} MB"
    limit = MAX_FILE_SIZE // 1_000_000
    message = f"文件有 {shown}，超过上限 {limit} MB，没有读入；请确认放对了文件，过大的请拆分"
    return Fault(1, 1, message)


def foreign_fault(data: bytes) -> Fault | None:
    """Return a fault if a file is of another kind, as its first bytes tell; None for a text."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:16]
    for signature, name, advice in _SIGNATURES:
        if start.startswith(signature) or start.lower().startswith(signature):
            return Fault(1, 1, f"这不是数据文件，而是{name}；{advice}")
    if data and not data.strip(b"\x00"):
        return Fault(1, 1, "文件里全是空字节，没有内容，多半是没有存好；请从备份或 git 里找回")
    return None


def decode_text(data: bytes) -> DecodedText:
    """Decode a file as UTF-8, UTF-16 or GBK; every encoding but UTF-8 is reported."""
    text, faults = _decode(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = text
    if _INVISIBLE.search(text):
        clean = _INVISIBLE.sub("", text)
        faults += tuple(_character_faults(text, _INVISIBLE, _invisible_message))
    if has_lookalikes(text):
        clean = LOOKALIKE.sub(lambda match: ascii_digit(match[0]), clean)
        faults += tuple(_character_faults(text, LOOKALIKE, lookalike_message))
    return DecodedText(text, clean, faults)


def _decode(data: bytes) -> tuple[str, tuple[Fault, ...]]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _decode_other(data)
    if "\x00" in text:
        return _decode_other(data)
    return _strip_bom(text) if text.startswith("\ufeff") else (text, ())


def _strip_bom(text: str) -> tuple[str, tuple[Fault, ...]]:
    message = "文件开头带有 BOM 标记（内容已照常读入）；请另存为不带 BOM 的 UTF-8"
    return text[1:], (Fault(1, 1, message, Level.W),)


def _decode_other(data: bytes) -> tuple[str, tuple[Fault, ...]]:
    for name, codec in _candidate_codecs(data):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        return text.removeprefix("\ufeff"), (
            Fault(1, 1, f"文件是 {name} 编码，应为 UTF-8；{_RESAVE}"),
        )
    return _decode_damaged(data)


def _candidate_codecs(data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "UTF-16", "utf-16"
    elif 4 * data.count(0) > len(data):
        little_endian = data[1::2].count(0) > data[::2].count(0)
        yield "UTF-16", "utf-16-le" if little_endian else "utf-16-be"
    if 0 not in data:
        yield "GBK", "gb18030"


def _decode_damaged(data: bytes) -> tuple[str, tuple[Fault, ...]]:
    text = data.decode(errors="replace").removeprefix("\ufeff").replace("\x00", "\ufffd")
    intact = text[: text.index("\ufffd")].replace("\r\n", "\n").replace("\r", "\n")
    message = f"从这里起有无法识别的字节，文件可能已损坏；{_RESAVE}，再改正缺失的字"
    return text.replace("\ufffd", "□"), (fault_at(intact, len(intact), message),)


def _character_faults(
    text: str, pattern: re.Pattern[str], message: Callable[[str], str]
) -> Iterator[Fault]:
    """Yield one fault for every distinct character that a pattern matches, where it comes first."""
    first_index: dict[str, int] = {}
    counts: dict[str, int] = {}
    for match in pattern.finditer(text):
        first_index.setdefault(match[0], match.start())
        counts[match[0]] = counts.get(match[0], 0) + 1
    for character, index in first_index.items():
        count = counts[character]
        times = "" if count == 1 else f"（全文共 {count} 处）"
        yield fault_at(text, index, f"{times}；请".join(message(character).rsplit("；请", 1)))


def _invisible_message(character: str) -> str:
    kind, advice = next(
        (
            (kind, advice)
            for low, high, kind, advice in _CHARACTER_KINDS
            if low <= character <= high
        ),
        ("看不见的字符", "删去"),
    )
    name = unicodedata.name(character, "")
    return f"这里有{kind} U+{ord(character):04X}{f'（{name}）' if name else ''}；请{advice}"
