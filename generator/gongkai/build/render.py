"""The whole run on one screen: read, judge, make pages."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai.build.list_pages import list_pages
from gongkai.build.side_files import beside_list, beside_lists, beside_unit
from gongkai.checks.registry import Judgement, judged
from gongkai.exports.feeds.channels import Publisher, list_channels
from gongkai.exports.feeds.formats import feed_files, unit_feeds
from gongkai.history.events import told
from gongkai.history.past import needed, read_past
from gongkai.history.versions import Library
from gongkai.model.publication import Site
from gongkai.pages.entries import NO_PAST, Past, UnitEntry, unit_entry
from gongkai.pages.markdown import markdown
from gongkai.pages.meta_tags import head_html
from gongkai.pages.render import HOME_PATH, Page, list_page, rule_pages, unit_pages
from gongkai.reading.dataset import Dataset, read_common, read_dataset
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.git import Blobs

NO_UNITS_PAST: Mapping[str, Past] = {}


@dataclass(frozen=True, slots=True)
class Run:
    """A data folder, read and judged."""

    dataset: Dataset
    judgement: Judgement
    past: Mapping[str, Past] = field(default_factory=dict)
    """The history of units by their slugs, where it was asked for."""

    @property
    def publishable(self) -> bool:
        """Whether nothing keeps the site from being published."""
        return self.dataset.site is not None and not self.judgement.blocks


def examine(
    data: Path, *, drafts: bool = False, named: str = "", only: frozenset[str] = frozenset()
) -> Run:
    """Read and judge a data folder; `drafts` lets incomplete forms be tried.

    `named` is what the folder is called in messages, where that is not its path; `only` names the
    units to be read, all where it is empty.
    """
    with uncollected():
        dataset = read_dataset(data, named or shown(data), today(), drafts=drafts, only=only)
        return Run(dataset, judged(dataset))


def with_past(run: Run, data: Path) -> Run:
    """The same with what git knows of the units' past."""
    site = run.dataset.site
    past = read_past(data, site.history if site else "", "", None)
    with uncollected(), Blobs(data) as blobs:
        its = needed(past, [unit.slug for unit in run.dataset.units], blobs)
        library = Library(read_common(data, shown(data), today()), its.forms, its.blobs)
        return replace(run, past={name: told(each, library) for name, each in its.units.items()})


def all_pages(
    dataset: Dataset, judgement: Judgement, site: Site, past: Mapping[str, Past] = NO_UNITS_PAST
) -> Iterator[Page]:
    """Every page of the site; `past` is the history of units by their slugs."""
    found = judgement.by_disclosure
    entries: list[UnitEntry] = []
    for unit in dataset.units:
        its = [each for each in dataset.disclosures if each.unit == unit]
        entries.append(unit_entry(unit, its, found, past.get(unit.slug, NO_PAST)))
        yield from unit_pages(unit, entries[-1], its, found, site)
    yield from map(list_page, list_pages(entries, site, list(dataset.forms)))
    yield from rule_pages()


def pages(run: Run) -> Iterator[Page]:
    """The pages of a publishable run."""
    if run.dataset.site is None or run.judgement.blocks:
        raise ValueError("data that must not be published")
    return all_pages(run.dataset, run.judgement, run.dataset.site, run.past)


def write_pages(
    made: Iterable[Page], content: Path, folder: Path, site: Site, site_url: str = ""
) -> int:
    """Write pages as Markdown files; how many. `content` holds the hand-written ones."""
    opening = content / HOME_PATH
    text = opening.read_text("utf-8") if opening.is_file() else ""
    count = 0
    for page in made:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        tags = head_html(page.kind, page.head, site, site_url)
        written = markdown(page, tags, text if page.path == HOME_PATH else "")
        path.write_text(written, "utf-8", newline="\n")
        count += 1
    return count


def write_beside(run: Run, folder: Path, site: Site, site_url: str = "") -> None:
    """Write the files that stand beside the pages."""
    for name, data in _beside(run, site, site_url):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _beside(run: Run, site: Site, site_url: str) -> Iterator[tuple[str, bytes]]:
    entries: list[UnitEntry] = []
    publisher = Publisher(site, site_url)
    for unit in run.dataset.units:
        its = [each for each in run.dataset.disclosures if each.unit == unit]
        past = run.past.get(unit.slug, NO_PAST)
        entries.append(unit_entry(unit, its, run.judgement.by_disclosure, past))
        yield from beside_unit(unit, its, site, site_url)
        yield from unit_feeds(entries[-1], unit.facts.former_slugs, publisher)
    yield from beside_lists(entries)
    for channel in list_channels(entries, site):
        yield from feed_files(channel, publisher)
    for each in list_pages(entries, site):
        yield from beside_list(each.view(), site, site_url)


def shown(path: Path) -> str:
    """A path as the user would type it from here."""
    absolute, here = path.absolute(), Path.cwd()
    near = os.path.relpath(absolute, here) if absolute.is_relative_to(here) else absolute
    return Path(near).as_posix()
