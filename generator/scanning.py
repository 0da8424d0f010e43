"""Scanning a built site for personal data: pages, data files, search index, Office files inside."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.personal import GRAVE, Found, personal

_TEXT = frozenset({
    ".html", ".htm", ".xml", ".json", ".csv", ".txt", ".md", ".yml", ".yaml", ".svg", ".js", ".css", ".map", ".ndjson", ".atom",
})  # fmt: skip
_PACKED = ".json.bin"
"""Texts for the search, compressed with zlib."""
_OFFICE = frozenset({".xlsx", ".docx", ".pptx", ".zip"})
_LARGEST = 64 * 1024 * 1024
"""Bytes of one file inside an archive that are looked at; more is no document."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Personal data in a file of the site."""

    file: str
    line: int
    found: Found


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan looked at, and what it found."""

    leaks: tuple[Leak, ...]
    scanned: int
    unread: tuple[str, ...]
    """Files whose content cannot be looked at (pictures, PDF …)."""


def scan(site: Path) -> Scan:
    """Look at every file of a site; only what must never be published counts."""
    every = (path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return scan_files(site, sorted(every))


def scan_files(site: Path, names: Iterable[str]) -> Scan:
    """Look at these files of a site."""
    leaks: list[Leak] = []
    unread: list[str] = []
    count = 0
    for name in names:
        leaks.extend(_in_text(name, name))
        texts = list(_texts(site / name))
        if not texts:
            unread.append(name)
            continue
        count += 1
        for inside, text in texts:
            leaks.extend(_in_text(f"{name}!{inside}" if inside else name, text))
    return Scan(tuple(leaks), count, tuple(unread))


def _in_text(name: str, text: str) -> Iterator[Leak]:
    for found in personal(text):
        if found.kind in GRAVE:
            yield Leak(name, text.count("\n", 0, found.start) + 1, found)


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file, each with its name inside an archive."""
    if path.suffix.lower() in _TEXT:
        yield "", path.read_text("utf-8", errors="replace")
    elif path.name.endswith(_PACKED):
        with suppress(zlib.error):
            data = zlib.decompressobj().decompress(path.read_bytes(), _LARGEST)
            yield "", data.decode("utf-8", "replace")
    elif path.suffix.lower() in _OFFICE and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if Path(entry.filename).suffix in {*_TEXT, ".rels"} and entry.file_size <= _LARGEST:
                    yield entry.filename, archive.read(entry).decode("utf-8", "replace")
