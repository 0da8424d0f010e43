"""Whether a built site may be released: its pages against the data, links, sizes, private data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.model.publication import UnitFacts
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER
from gongkai.reading.files import Files
from gongkai.release.links import dead_links
from gongkai.release.manifest import files_of
from gongkai.release.privacy_scan import Leak, scan_files
from gongkai.runtime.workers import Workers

LARGEST_PAGE = 500_000
"""How many bytes of HTML a page may have unless the operator says otherwise."""
_SHARD = 400
_SHOWN = 5
_UNITS = "units/"


@dataclass(frozen=True, slots=True)
class Standard:
    """What a site is held against."""

    data: Path
    site_url: str
    largest_page: int = LARGEST_PAGE


class _Shard(NamedTuple):
    site: Path
    names: tuple[str, ...]


def faults(site: Path, standard: Standard, workers: Workers) -> Iterator[str]:
    """Why a site must not be released, in Chinese; nothing where it may."""
    files = files_of(site)
    yield from _pages(files, standard.data)
    large = [each for each in files if each.endswith(".html")]
    large = [each for each in large if (site / each).stat().st_size > standard.largest_page]
    limit = f"超过上限 {standard.largest_page // 1000} KB（--largest-page 可以改）"
    yield from _told(large, f"个网页{limit}")
    dead = sorted(dead_links(site, files, standard.site_url, workers))
    yield from _told([f"{each.page} 里的“{each.link}”" for each in dead], "个链接没有去处")
    yield from _told([_leak(each) for each in _leaks(site, files, workers)], "处个人信息")


def _pages(files: Sequence[str], data: Path) -> Iterator[str]:
    """The pages of units against the files that they are made of."""
    expected = set(pages_of(data))
    there = {each for each in files if each.startswith(_UNITS) and each.endswith("/index.html")}
    there.discard(f"{_UNITS}index.html")
    yield from _told(sorted(expected - there), "个网页数据里有，网站里没有")
    yield from _told(sorted(there - expected), "个网页网站里有，数据里没有")
    yield from _told([] if f"{_UNITS}index.html" in files else ["index.html"], "个列表没有生成")


def pages_of(data: Path) -> Iterator[str]:
    """The pages that the files of a data folder become, those at former addresses included."""
    files = Files(data, "")
    for unit in files.folders(data / "units"):
        facts, _ = files.shaped(UnitFacts, unit / "unit.yml")
        pages = list(_pages_of(files, unit, listed=facts is not None))
        for slug in (unit.name, *(facts.former_slugs if facts else ())):
            yield from (f"{_UNITS}{slug}/{page}" for page in pages)


def _pages_of(files: Files, unit: Path, *, listed: bool) -> Iterator[str]:
    """The pages of one unit, told by the names of its files."""
    if listed:
        yield "index.html"
    for year in files.folders(unit):
        if (year / DISCLOSURE_FILE).is_file():
            yield f"{year.name}/index.html"
            if any(each.suffix == ".md" for each in files.documents(year)):
                yield f"{year.name}/report/index.html"
            for each in files.documents(year / PROJECTS_FOLDER):
                yield f"{year.name}/projects/{each.stem}/index.html"


def _leaks(site: Path, files: Sequence[str], workers: Workers) -> list[Leak]:
    starts = range(0, len(files), _SHARD)
    shards = [_Shard(site, tuple(files[start : start + _SHARD])) for start in starts]
    found = workers.results(_scanned, shards)
    return sorted((leak for leaks in found for leak in leaks), key=lambda leak: leak.file)


def _scanned(shard: _Shard) -> tuple[Leak, ...]:
    return scan_files(shard.site, shard.names).leaks


def _leak(leak: Leak) -> str:
    return f"{leak.file}:{leak.line} {leak.found.kind}（{leak.found.masked}）"


def _told(found: Sequence[str], what: str) -> Iterator[str]:
    """How many there are, and the first few."""
    if found:
        more = " 等" if len(found) > _SHOWN else ""
        yield f"{len(found)} {what}：{'、'.join(found[:_SHOWN])}{more}"
