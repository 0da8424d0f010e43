"""Scanning a built site for personal data: pages, search index, data, inside archives and databases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.contents import pieces
from generator.personal import GRAVE, Found, personal


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
        leaks.extend(_in_text(name, 1, name))
        read = False
        for piece in pieces(site / name):
            read = True
            where = f"{name}!{piece.inside}" if piece.inside else name
            leaks.extend(_in_text(where, piece.line, piece.text))
        if read:
            count += 1
        else:
            unread.append(name)
    return Scan(tuple(leaks), count, tuple(unread))


def _in_text(name: str, line: int, text: str) -> Iterator[Leak]:
    """What is found in a text that begins in this line."""
    for found in personal(text):
        if found.kind in GRAVE:
            yield Leak(name, line + text.count("\n", 0, found.start), found)
