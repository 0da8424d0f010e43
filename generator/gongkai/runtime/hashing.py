"""Content hashes of data files, forms and the program itself."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from gongkai.runtime.packing import pack_values, unpack_values

_MIN_AGE = 2_000_000_000
"""Nanoseconds after which an unchanged mtime can be trusted: file system clocks are coarse."""
_LIBRARIES = ("jinja2", "markupsafe", "markdown-it-py", "pydantic", "pypinyin", "pyyaml")
"""Libraries whose version affects the rendered pages."""


class Fingerprint(NamedTuple):
    """A file's content hash, with the stat fields it was computed at."""

    digest: str
    """SHA-256; empty for folders and unreadable files."""
    size: int
    mtime_ns: int
    """st_mtime_ns."""
    ctime_ns: int
    """st_ctime_ns."""
    inode: int


_NAME = attrgetter("name")
_FOLDER = _UNREADABLE = Fingerprint("", 0, 0, 0, 0)


def read_fingerprints(
    folder: Path,
    known: Mapping[str, Fingerprint],
    seen: int,
    is_entered: Callable[[str], bool] = lambda _: True,
) -> dict[str, Fingerprint]:
    """Fingerprint a folder's files, sorted by relative path; paths of subfolders end with /.

    A file is not read again if its stat fields equal those in `known` and it had not just been
    changed at `seen` (nanoseconds since 1970). Folders for which `is_entered` is false are not entered.
    """
    prints: dict[str, Fingerprint] = {}
    settled = seen - _MIN_AGE
    for path, entry in _iter_files(str(folder), "", is_entered):
        if not entry:
            prints[path] = _FOLDER
            continue
        try:
            stat = entry.stat()
        except OSError:  # Deleted meanwhile; whoever reads the file reports it.
            prints[path] = _UNREADABLE
            continue
        stat_key = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        old = known.get(path)
        if old and old[1:] == stat_key and stat_key[1] < settled and stat_key[2] < settled:
            prints[path] = old
        else:
            prints[path] = Fingerprint(
                digest=_file_hash(Path(entry.path)),
                size=stat.st_size,
                mtime_ns=stat.st_mtime_ns,
                ctime_ns=stat.st_ctime_ns,
                inode=stat.st_ino,
            )
    return prints


def pack_fingerprints(prints: Mapping[str, Fingerprint]) -> bytes:
    """Serialise fingerprints."""
    return pack_values({path: tuple(fingerprint) for path, fingerprint in prints.items()})


def unpack_fingerprints(data: bytes) -> dict[str, Fingerprint]:
    """Deserialise the output of pack_fingerprints()."""
    rows: dict[str, tuple[str, int, int, int, int]] = unpack_values(data)
    return {path: Fingerprint._make(row) for path, row in rows.items()}


def _file_hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # Whoever reads the file reports it.
        return ""


def _iter_files(
    folder: str,
    prefix: str,
    is_entered: Callable[[str], bool],
    followed: frozenset[Path] = frozenset(),
) -> Iterator[tuple[str, os.DirEntry[str] | None]]:
    """Yield (relative path, entry) below a folder in name order, hidden files skipped.

    The entry is None for folders. `followed` holds the targets of the symlinks above, so that
    symlink cycles are not entered.
    """
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=_NAME)
    for entry in ordered:
        name = entry.name
        if name.startswith("."):
            continue
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError:  # A symlink to itself; whoever reads the file reports it.
            is_folder, is_file = False, True
        if is_folder:
            below = f"{prefix}{name}/"
            yield below, None
            targets = {Path(entry.path).resolve()} if entry.is_symlink() else frozenset[Path]()
            if is_entered(below) and not any(
                _is_cycle(entry.path, target, followed) for target in targets
            ):
                yield from _iter_files(entry.path, below, is_entered, followed | targets)
        elif is_file:
            yield prefix + name, entry


def _is_cycle(link: str, target: Path, followed: frozenset[Path]) -> bool:
    """Tell whether a symlink leads to a folder that contains it."""
    return target in followed or Path(link).parent.resolve().is_relative_to(target)


def hash_texts(parts: Iterable[str]) -> str:
    """Return one SHA-256 over several texts, all length-prefixed."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode(errors="surrogatepass")  # Names of files may be no UTF-8.
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()


@cache
def program_hash() -> str:
    """Return the hash of this package's files and of the versions of its rendering libraries."""
    prints = read_fingerprints(Path(__file__).parent.parent, {}, 0)
    sources = (
        f"{path}={fingerprint.digest}"
        for path, fingerprint in prints.items()
        if "__pycache__" not in path
    )
    return hash_texts([*sources, *(f"{name}={version(name)}" for name in _LIBRARIES)])
