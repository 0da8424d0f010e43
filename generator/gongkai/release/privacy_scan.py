"""Scan a built site for personal data, with the search that reads the data files, too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.model.personal_data import find_unpublishable_data
from gongkai.model.personal_kinds import PersonalDataMatch
from gongkai.release.scanned_texts import ChunkKind, TextChunk, iter_chunks


@dataclass(frozen=True, slots=True)
class Leak:
    """Personal data in a file of the site."""

    file: str
    line: int
    personal_data: PersonalDataMatch


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The result of a scan."""

    leaks: tuple[Leak, ...]
    scanned_count: int
    """Number of files scanned."""
    pictures: tuple[str, ...]
    """Files of which the attached information alone can be read."""
    unread: tuple[str, ...]
    """Files, and files in archives, that cannot be read."""


def scan_for_personal_data(site: Path) -> ScanResult:
    """Scan every file of a site for personal data that must never be published."""
    names = (path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return scan_files(site, sorted(names))


def scan_files(site: Path, names: Iterable[str]) -> ScanResult:
    """Scan the given files of a site."""
    leaks = list[Leak]()
    pictures, unread = list[str](), list[str]()
    scanned = 0
    for name in names:
        leaks += _find_leaks(TextChunk(name, 1, name))
        decoded: dict[Leak, None] = {}  # Texts decoded in several ways: equal leaks are one.
        kinds = set[ChunkKind]()
        with (site / name).open("rb") as file:
            for chunk in iter_chunks(name, file):
                label = f"{name}!{chunk.member}" if chunk.member else name
                found = _find_leaks(chunk._replace(member=label))
                if chunk.kind is ChunkKind.PROPERTIES:
                    decoded |= dict.fromkeys(
                        replace(leak, personal_data=_unplaced(leak)) for leak in found
                    )
                else:
                    leaks += found
                unread += [label] if chunk.kind is ChunkKind.UNREAD else []
                kinds.add(chunk.kind)
        leaks += decoded
        scanned += ChunkKind.CONTENT in kinds
        pictures += [name] if ChunkKind.CONTENT not in kinds and ChunkKind.PICTURE in kinds else []
    return ScanResult(tuple(leaks), scanned, tuple(pictures), tuple(unread))


def _find_leaks(chunk: TextChunk) -> Iterator[Leak]:
    """Yield the personal data in a chunk, whose member is the name to report."""
    for match in find_unpublishable_data(chunk.text):
        yield Leak(chunk.member, chunk.line + chunk.text.count("\n", 0, match.start), match)


def _unplaced(leak: Leak) -> PersonalDataMatch:
    return replace(leak.personal_data, start=0, end=0)
