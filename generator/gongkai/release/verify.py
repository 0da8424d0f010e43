"""Check whether a built site may be released: pages against data, links, sizes, personal data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.model.publication import UnitFacts
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER
from gongkai.reading.files import DataFiles
from gongkai.release.links import find_dead_links
from gongkai.release.manifest import list_files
from gongkai.release.privacy_scan import Leak, scan_files
from gongkai.runtime.workers import Workers

LARGEST_PAGE = 500_000
"""Default limit of a page's HTML, in bytes."""
_BATCH_SIZE = 400
"""Number of files per task."""
_EXAMPLES = 5
"""Number of examples in a message."""
_UNITS = "units/"


@dataclass(frozen=True, slots=True)
class ReleaseCriteria:
    """What a site is checked against."""

    data: Path
    site_url: str
    largest_page: int = LARGEST_PAGE
    """Limit of a page's HTML, in bytes."""


class _Batch(NamedTuple):
    site: Path
    names: tuple[str, ...]


def find_faults(site: Path, standard: ReleaseCriteria, workers: Workers) -> Iterator[str]:
    """Yield the reasons why a site must not be released, in Chinese."""
    files = list_files(site)
    yield from _page_faults(files, standard.data)
    pages = [name for name in files if name.endswith(".html")]
    large = [name for name in pages if (site / name).stat().st_size > standard.largest_page]
    limit = f"超过上限 {standard.largest_page // 1000} KB（--largest-page 可以改）"
    yield from _fault(large, f"个网页{limit}")
    dead = sorted(find_dead_links(site, files, standard.site_url, workers))
    yield from _fault([f"{link.page} 里的“{link.link}”" for link in dead], "个链接没有去处")
    leaks = [_format_leak(leak) for leak in _find_leaks(site, files, workers)]
    yield from _fault(leaks, "处个人信息")


def _page_faults(files: Sequence[str], data: Path) -> Iterator[str]:
    """Compare the units' pages with the data files that they are made of."""
    expected = set(expected_pages(data))
    actual = {name for name in files if name.startswith(_UNITS) and name.endswith("/index.html")}
    actual.discard(f"{_UNITS}index.html")
    yield from _fault(sorted(expected - actual), "个网页数据里有，网站里没有")
    yield from _fault(sorted(actual - expected), "个网页网站里有，数据里没有")
    yield from _fault([] if f"{_UNITS}index.html" in files else ["index.html"], "个列表没有生成")


def expected_pages(data: Path) -> Iterator[str]:
    """Yield the pages that a data folder leads to, redirects at former addresses included."""
    files = DataFiles(data, "")
    for unit in files.folders(data / "units"):
        facts, _ = files.load(UnitFacts, unit / "unit.yml")
        pages = list(_unit_pages(files, unit, has_facts=facts is not None))
        for slug in (unit.name, *(facts.former_slugs if facts else ())):
            yield from (f"{_UNITS}{slug}/{page}" for page in pages)


def _unit_pages(files: DataFiles, unit: Path, *, has_facts: bool) -> Iterator[str]:
    """Yield the pages of one unit by the names of its data files."""
    if has_facts:
        yield "index.html"
    for year in files.folders(unit):
        if (year / DISCLOSURE_FILE).is_file():
            yield f"{year.name}/index.html"
            if any(path.suffix == ".md" for path in files.documents(year)):
                yield f"{year.name}/report/index.html"
            for path in files.documents(year / PROJECTS_FOLDER):
                yield f"{year.name}/projects/{path.stem}/index.html"


def _find_leaks(site: Path, files: Sequence[str], workers: Workers) -> list[Leak]:
    starts = range(0, len(files), _BATCH_SIZE)
    batches = [_Batch(site, tuple(files[start : start + _BATCH_SIZE])) for start in starts]
    results = workers.map_unordered(_scan_batch, batches)
    return sorted((leak for leaks in results for leak in leaks), key=lambda leak: leak.file)


def _scan_batch(batch: _Batch) -> tuple[Leak, ...]:
    return scan_files(batch.site, batch.names).leaks


def _format_leak(leak: Leak) -> str:
    return f"{leak.file}:{leak.line} {leak.personal_data.kind}（{leak.personal_data.masked}）"


def _fault(places: Sequence[str], message: str) -> Iterator[str]:
    """Yield one message with the number of places and the first few of them; none without places."""
    if places:
        more = " 等" if len(places) > _EXAMPLES else ""
        yield f"{len(places)} {message}：{'、'.join(places[:_EXAMPLES])}{more}"
