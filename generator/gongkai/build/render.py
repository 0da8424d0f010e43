"""Check a data folder and render its pages as Markdown, for other site generators."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai.build.list_pages import list_pages
from gongkai.build.side_files import list_side_files, site_side_files, unit_side_files
from gongkai.checks.registry import Judgement, check_dataset
from gongkai.exports.feeds.channels import Publisher, iter_site_feeds
from gongkai.exports.feeds.formats import render_feed_files, render_unit_feeds
from gongkai.history.events import build_histories
from gongkai.history.past import collect_history_inputs, read_history
from gongkai.history.versions import VersionLibrary
from gongkai.model.publication import Site
from gongkai.pages.entries import EMPTY_HISTORY, HistoryByYear, UnitEntry, unit_entry
from gongkai.pages.markdown import render_markdown
from gongkai.pages.meta_tags import render_head_tags
from gongkai.pages.render import (
    HOME_PATH,
    Page,
    render_list_page,
    render_rule_pages,
    render_unit_pages,
)
from gongkai.reading.dataset import Dataset, read_common_data, read_dataset
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.git import BlobReader

NO_HISTORY: Mapping[str, HistoryByYear] = {}


@dataclass(frozen=True, slots=True)
class CheckedData:
    """The dataset of a data folder with the problems found in it."""

    dataset: Dataset
    judgement: Judgement
    past: Mapping[str, HistoryByYear] = field(default_factory=dict)
    """The units' histories by slug, if they were read."""

    @property
    def publishable(self) -> bool:
        """Whether no problem blocks publication."""
        return self.dataset.site is not None and not self.judgement.blocks


def check_data(
    data: Path, *, drafts: bool = False, display_name: str = "", only: frozenset[str] = frozenset()
) -> CheckedData:
    """Read and check a data folder; `drafts` admits incomplete forms.

    Messages name the folder by its path, or by the given display name. `only` holds the slugs of the
    units to read, all if it is empty.
    """
    with pause_gc():
        dataset = read_dataset(
            data, display_name or display_path(data), today(), drafts=drafts, only=only
        )
        return CheckedData(dataset, check_dataset(dataset))


def add_history(run: CheckedData, data: Path) -> CheckedData:
    """Return a copy of `run` with the units' git histories."""
    site = run.dataset.site
    past = read_history(data, site.history if site else "", "", None)
    with pause_gc(), BlobReader(data) as blobs:
        units_past = collect_history_inputs(past, [unit.slug for unit in run.dataset.units], blobs)
        common = read_common_data(data, display_path(data), today())
        library = VersionLibrary(common, units_past.forms, units_past.blobs)
        histories = {
            name: build_histories(unit_past, library)
            for name, unit_past in units_past.units.items()
        }
        return replace(run, past=histories)


def all_pages(
    dataset: Dataset,
    judgement: Judgement,
    site: Site,
    past: Mapping[str, HistoryByYear] = NO_HISTORY,
) -> Iterator[Page]:
    """Yield every page of the site; `past` holds the units' histories by slug."""
    problems = judgement.by_disclosure
    entries: list[UnitEntry] = []
    for unit in dataset.units:
        disclosures = [disclosure for disclosure in dataset.disclosures if disclosure.unit == unit]
        entries.append(unit_entry(unit, disclosures, problems, past.get(unit.slug, EMPTY_HISTORY)))
        yield from render_unit_pages(unit, entries[-1], disclosures, problems, site)
    yield from map(render_list_page, list_pages(entries, site, list(dataset.forms)))
    yield from render_rule_pages()


def publishable_pages(run: CheckedData) -> Iterator[Page]:
    """Return the pages of a publishable data folder; raise ValueError if a problem blocks them."""
    if run.dataset.site is None or run.judgement.blocks:
        raise ValueError("data that must not be published")
    return all_pages(run.dataset, run.judgement, run.dataset.site, run.past)


def write_markdown_pages(
    pages_to_write: Iterable[Page], content: Path, folder: Path, site: Site, site_url: str = ""
) -> int:
    """Write pages as Markdown files; return their number.

    `content` is the folder of the hand-written pages; its home page opens the generated one.
    """
    home = content / HOME_PATH
    opening = home.read_text("utf-8") if home.is_file() else ""
    count = 0
    for page in pages_to_write:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        tags = render_head_tags(page.kind, page.head, site, site_url)
        text = render_markdown(page, tags, opening if page.path == HOME_PATH else "")
        path.write_text(text, "utf-8", newline="\n")
        count += 1
    return count


def write_side_files(run: CheckedData, folder: Path, site: Site, site_url: str = "") -> None:
    """Write the side files of all pages."""
    for name, data in _side_files(run, site, site_url):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _side_files(run: CheckedData, site: Site, site_url: str) -> Iterator[tuple[str, bytes]]:
    entries: list[UnitEntry] = []
    publisher = Publisher(site, site_url)
    for unit in run.dataset.units:
        disclosures = [
            disclosure for disclosure in run.dataset.disclosures if disclosure.unit == unit
        ]
        past = run.past.get(unit.slug, EMPTY_HISTORY)
        entries.append(unit_entry(unit, disclosures, run.judgement.by_disclosure, past))
        yield from unit_side_files(unit, disclosures, site, site_url)
        yield from render_unit_feeds(entries[-1], unit.facts.former_slugs, publisher)
    yield from site_side_files(entries)
    for channel in iter_site_feeds(entries, site):
        yield from render_feed_files(channel, publisher)
    for page in list_pages(entries, site):
        yield from list_side_files(page.view(), site, site_url)


def display_path(path: Path) -> str:
    """Format a path as the user would type it: relative if it lies below the working directory."""
    absolute, here = path.absolute(), Path.cwd()
    near = os.path.relpath(absolute, here) if absolute.is_relative_to(here) else absolute
    return Path(near).as_posix()
