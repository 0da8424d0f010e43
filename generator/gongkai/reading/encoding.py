"""Bytes as text: which encoding a file is in, and which characters in it nobody can see."""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.problems import Level

LARGEST = 1_000_000
"""The largest file that is read, in bytes; a filed table has some 10,000."""

_RESAVE = "请用记事本或 WPS 打开，选“另存为”，编码选“UTF-8”后保存"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\uffff\U0001fffe\U0001ffff]"
)
_NAMES = (
    ("\ufffd", "\ufffd", "乱码字符（原字已丢失）", "重新输入原来的字"),
    ("\x00", "\x1f", "控制字符", "删去"),
    ("\x7f", "\x9f", "控制字符", "删去"),
    ("\u2028", "\u2029", "特殊换行符", "删去，用回车键换行"),
    ("\u202a", "\u202e", "文字方向控制符", "删去"),
    ("\u2066", "\u2069", "文字方向控制符", "删去"),
    ("\u200e", "\u200f", "文字方向控制符", "删去"),
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A place in a text, counted from 1, and what is wrong there."""

    line: int
    column: int
    message: str
    level: Level = Level.E


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text with plain line ends, and what was wrong with its bytes and characters."""

    text: str
    """As the author's editor shows it."""
    clean: str
    """The same without the characters that nobody can see."""
    faults: tuple[Fault, ...] = ()


def fault_at(text: str, index: int, message: str) -> Fault:
    """A fault at a character of the text."""
    line_start = text.rfind("\n", 0, index) + 1
    return Fault(text.count("\n", 0, index) + 1, index - line_start + 1, message)


def read_bytes(path: Path) -> bytes | Fault:
    """A file's bytes, or why they are not read."""
    try:
        told = path.stat()
        if told.st_size > LARGEST:
            return _too_large(told.st_size)
        if stat.S_ISREG(told.st_mode):  # To open a pipe would be to wait for somebody to write.
            return path.read_bytes()
    except OSError:
        pass
    return Fault(1, 1, "文件打不开；请确认它存在，没有被其他程序占用，并且允许读取")


def _too_large(size: int) -> Fault:
    shown = f"{size / 1_000_000:.1f} MB" if size < 10 * LARGEST else f"{size // 1_000_000} MB"
    limit = LARGEST // 1_000_000
    message = f"文件有 {shown}，超过上限 {limit} MB，没有读入；请确认放对了文件，过大的请拆分"
    return Fault(1, 1, message)


def decode(data: bytes) -> Decoded:
    """The text of a file in whatever encoding it is; anything but UTF-8 is reported."""
    text, faults = _decoded(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _UNSEEN.search(text):
        return Decoded(text, text, faults)
    return Decoded(text, _UNSEEN.sub("", text), (*faults, *_unseen(text)))


def _decoded(data: bytes) -> tuple[str, tuple[Fault, ...]]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _recoded(data)
    if "\x00" in text:
        return _recoded(data)
    return _without_mark(text) if text.startswith("\ufeff") else (text, ())


def _without_mark(text: str) -> tuple[str, tuple[Fault, ...]]:
    message = "文件开头带有 BOM 标记（内容已照常读入）；请另存为不带 BOM 的 UTF-8"
    return text[1:], (Fault(1, 1, message, Level.W),)


def _recoded(data: bytes) -> tuple[str, tuple[Fault, ...]]:
    for name, codec in _guesses(data):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        return text.removeprefix("\ufeff"), (
            Fault(1, 1, f"文件是 {name} 编码，应为 UTF-8；{_RESAVE}"),
        )
    return _damaged(data)


def _guesses(data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "UTF-16", "utf-16"
    elif 4 * data.count(0) > len(data):
        little = data[1::2].count(0) > data[::2].count(0)
        yield "UTF-16", "utf-16-le" if little else "utf-16-be"
    if 0 not in data:
        yield "GBK", "gb18030"


def _damaged(data: bytes) -> tuple[str, tuple[Fault, ...]]:
    text = data.decode(errors="replace").removeprefix("\ufeff").replace("\x00", "\ufffd")
    before = text[: text.index("\ufffd")].replace("\r\n", "\n").replace("\r", "\n")
    message = f"从这里起有无法识别的字节，文件可能已损坏；{_RESAVE}，再改正缺失的字"
    return text.replace("\ufffd", "□"), (fault_at(before, len(before), message),)


def _unseen(text: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for match in _UNSEEN.finditer(text):
        first.setdefault(match[0], match.start())
        count[match[0]] = count.get(match[0], 0) + 1
    for character, index in first.items():
        yield fault_at(text, index, _about(character, count[character]))


def _about(character: str, count: int) -> str:
    name, advice = next(
        ((name, advice) for low, high, name, advice in _NAMES if low <= character <= high),
        ("看不见的字符", "删去"),
    )
    times = "" if count == 1 else f"（全文共 {count} 处）"
    return f"这里有{name} U+{ord(character):04X}{times}；请{advice}"
