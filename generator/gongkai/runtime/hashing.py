"""What shapes a page, as hashes: data files, forms, the program itself."""

import hashlib
import marshal
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

_SETTLED = 2_000_000_000
"""After how many nanoseconds a file that looks unchanged is unchanged: disks' clocks are coarse."""
_LIBRARIES = ("jinja2", "markupsafe", "markdown-it-py", "pydantic", "pypinyin", "pyyaml")
"""Libraries that have a say in what a page looks like."""


class Print(NamedTuple):
    """A file as it was seen: its hash, and how the disk described it then."""

    digest: str
    size: int
    modified: int
    changed: int
    inode: int


_NAME = attrgetter("name")
_FOLDER = _UNREAD = Print("", 0, 0, 0, 0)


def fingerprints(
    folder: Path,
    known: Mapping[str, Print],
    seen: int,
    asked: Callable[[str], bool] = lambda _: True,
) -> dict[str, Print]:
    """The files of a folder by their paths in it, sorted; folders, too, their paths ending with /.

    A file that the disk describes as in `known`, and that had not just been changed at `seen`
    (nanoseconds since 1970), is not read again. `asked` tells which folders to look into.
    """
    found: dict[str, Print] = {}
    settled = seen - _SETTLED
    for path, entry in _files(str(folder), "", asked):
        if not entry:
            found[path] = _FOLDER
            continue
        try:
            told = entry.stat()
        except OSError:  # Gone meanwhile; whoever reads the file reports it.
            found[path] = _UNREAD
            continue
        now = (told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino)
        old = known.get(path)
        if old and old[1:] == now and now[1] < settled and now[2] < settled:
            found[path] = old
        else:
            found[path] = Print(_digest(Path(entry.path)), *now)
    return found


def packed(prints: Mapping[str, Print]) -> bytes:
    """Files as bytes: those of a province are written, and read again, in hundredths of a second."""
    return marshal.dumps({path: tuple(each) for path, each in prints.items()})


def unpacked(data: bytes) -> dict[str, Print]:
    """What packed() made bytes of."""
    found: dict[str, tuple[str, int, int, int, int]] = marshal.loads(data)  # noqa: S302 - our own
    return {path: Print._make(each) for path, each in found.items()}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # Whoever reads the file reports it.
        return ""


def _files(
    folder: str, inside: str, asked: Callable[[str], bool], followed: frozenset[Path] = frozenset()
) -> Iterator[tuple[str, os.DirEntry[str] | None]]:
    """Everything below a folder, hidden files left out, in the order of their names; None at folders.

    `followed` are the folders to which links have led; none is gone into within itself.
    """
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=_NAME)
    for entry in ordered:
        name = entry.name
        if name.startswith("."):
            continue
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError:  # A link to itself; whoever reads the file reports it.
            is_folder, is_file = False, True
        if is_folder:
            below = f"{inside}{name}/"
            yield below, None
            there = {Path(entry.path).resolve()} if entry.is_symlink() else frozenset[Path]()
            if asked(below) and not any(_circle(entry.path, each, followed) for each in there):
                yield from _files(entry.path, below, asked, followed | there)
        elif is_file:
            yield inside + name, entry


def _circle(link: str, to: Path, followed: frozenset[Path]) -> bool:
    """Whether a link leads to a folder that it lies in."""
    return to in followed or Path(link).parent.resolve().is_relative_to(to)


def combined(parts: Iterable[str]) -> str:
    """One hash of several texts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode()
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


@cache
def program() -> str:
    """The hash of this program and the versions of what it makes pages with."""
    own = fingerprints(Path(__file__).parent.parent, {}, 0)
    sources = (f"{path}={each.digest}" for path, each in own.items() if "__pycache__" not in path)
    return combined([*sources, *(f"{name}={version(name)}" for name in _LIBRARIES)])
