"""Write the site's files atomically."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from gongkai.runtime.hashing import hash_texts

_READ, _ENTER = 0o444, 0o555
"""Permissions that a web server needs for files and for folders."""


class OutputFile(NamedTuple):
    """One file of the site."""

    path: str
    """From the site's root, for instance units/xintian-jsx/index.html."""
    digest: str
    """SHA-256 of its bytes."""
    size: int
    """In bytes."""
    lastmod: str = ""
    """The sitemap's lastmod, an ISO date."""
    input_hash: str = ""
    """Hash of the inputs, where known (see list_pages)."""
    may_list: bool = True
    """Whether the sitemap may list it, if it is a page."""
    template: str = ""
    """Name of the theme's page template that it was filled into; empty if there was none."""
    slot_sizes: tuple[int, ...] = ()
    """Lengths, in characters, of what stands in the slots of that template, in their order."""

    @property
    def is_page(self) -> bool:
        """Whether it is an HTML page."""
        return self.path.endswith(".html")

    @property
    def is_in_sitemap(self) -> bool:
        """Whether the sitemap lists it."""
        return self.may_list and self.path.endswith("index.html")


class FileStamp(NamedTuple):
    """What the disk knows of a file, and what changes whenever its content does."""

    size: int
    """In bytes."""
    mtime_ns: int
    """st_mtime_ns."""
    ctime_ns: int
    """st_ctime_ns, which nobody can set."""
    inode: int


@dataclass(frozen=True, slots=True)
class BuildOutput:
    """Output folders of a build, with what is already there."""

    site_folder: Path
    """The site's folder."""
    known_digests: Mapping[str, str]
    """SHA-256 digests of the files that the site already has, by path."""
    parts_folder: Path
    """Folder of the units' parts: of the search index, of the open data."""
    known_pinyin: Mapping[str, str] = field(default_factory=dict)
    """Names with their pinyin, as far as already known."""


def hash_sitemap_entries(files: Iterable[OutputFile]) -> str:
    """Return the hash of the sitemap entries of some files."""
    return hash_texts(f"{file.path} {file.lastmod}" for file in files if file.is_in_sitemap)


def write_part(data: bytes, slug: str, suffix: str, output: BuildOutput) -> str:
    """Write a unit's part under a content-hashed name, and return that name."""
    name = f"{slug}-{_part_hash(data)}{suffix}"
    _write_atomically(f"{output.parts_folder}/{name}", data, output.site_folder)
    return name


def read_stamps(folder: Path, names: Iterable[str]) -> dict[str, FileStamp]:
    """Return the stamps of some files of a folder, by name."""
    return {name: _stamp(os.stat(f"{folder}/{name}")) for name in names}  # noqa: PTH116 - see _write_atomically


def are_parts_intact(folder: Path, stamps: Mapping[str, FileStamp]) -> bool:
    """Tell whether a folder has all these part files with the content that their names are made from.

    A file with the same stamp is as it was when the stamp was read; hashing the parts of 20,156 pages
    again would take 0.09 s of CPU in every build.
    """
    return all(_is_part_intact(f"{folder}/{name}", stamp) for name, stamp in stamps.items())


def _is_part_intact(path: str, stamp: FileStamp) -> bool:
    try:
        if _stamp(os.stat(path)) == stamp:  # noqa: PTH116 - see _write_atomically
            return True
        return f"-{_part_hash(Path(path).read_bytes())}" in path
    except OSError:
        return False


def _stamp(stat: os.stat_result) -> FileStamp:
    return FileStamp(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def _part_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def has_files(folder: Path, sizes: Iterable[tuple[str, int]]) -> bool:
    """Tell whether a folder holds all files, given by path and size: reading them would take long."""
    try:
        return all(os.stat(f"{folder}/{path}").st_size == size for path, size in sizes)  # noqa: PTH116 - as below
    except OSError:
        return False


def sync_disk() -> None:
    """Wait until everything written so far is on disk, so that it outlives a power cut."""
    if hasattr(os, "sync"):  # Not on Windows.
        os.sync()


def sync_folder(folder: Path) -> None:
    """Wait until what was renamed in a folder is on disk."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:  # Some network disks cannot do it.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and wait until it is on disk; its permissions stay.

    A killed program leaves the old file, and beside it a hidden one with the same beginning.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode)
        os.replace(part, path)  # noqa: PTH105 - as in move_into_place()
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_file(
    path: str, data: bytes, out: Path, known_digests: Mapping[str, str], lastmod: str = ""
) -> OutputFile:
    """Write a file atomically, unless the digest in `known_digests` shows that the site already has it.

    The temporary file is in parts/ beside `out`, so that a killed worker leaves no partial file.
    """
    digest = hashlib.sha256(data).hexdigest()
    if known_digests.get(path) != digest:
        _write_atomically(f"{out}/{path}", data, out)
    return OutputFile(path, digest, len(data), lastmod)


def write_files(files: Iterable[tuple[str, bytes]], output: BuildOutput) -> Iterator[OutputFile]:
    """Write files, given by path and content, that the site does not have yet."""
    for path, data in files:
        yield write_file(path, data, output.site_folder, output.known_digests)


def _write_atomically(target: str, data: bytes, out: Path) -> None:
    part = f"{out.parent}/parts/{os.urandom(8).hex()}"
    with open(part, "xb") as file:  # noqa: PTH123 - creating a Path takes as long as the file
        file.write(data)
    move_into_place(part, target)


def move_into_place(part: str | Path, target: str | Path) -> None:
    """Move a completely written file to its target, creating the folder if needed."""
    let_everybody_read(part)
    try:
        os.replace(part, target)  # noqa: PTH105 - see above
    except FileNotFoundError:
        make_folders(Path(target).parent)
        os.replace(part, target)  # noqa: PTH105


def make_folders(folder: Path) -> None:
    """Create a folder, and those above it, that a web server can read whatever the umask is."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    let_everybody_read(folder)


def let_everybody_read(path: str | Path) -> None:
    """Let a web server, which runs as another user, read a file or enter a folder."""
    mode = os.stat(path).st_mode  # noqa: PTH116 - see above
    readable = mode | (_ENTER if S_ISDIR(mode) else _READ)
    if mode != readable:
        os.chmod(path, readable)  # noqa: PTH101
