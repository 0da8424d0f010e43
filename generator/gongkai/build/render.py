"""Check a data folder and render its pages as Markdown, for other site generators."""

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

NO_HISTORY: Mapping[str, Past] = {}


@dataclass(frozen=True, slots=True)
class Run:
    """The dataset of a data folder with the problems found in it."""

    dataset: Dataset
    judgement: Judgement
    past: Mapping[str, Past] = field(default_factory=dict)
    """The units' histories by slug, if they were read."""

    @property
    def publishable(self) -> bool:
        """Whether no problem blocks publication."""
        return self.dataset.site is not None and not self.judgement.blocks


def examine(
    data: Path, *, drafts: bool = False, named: str = "", only: frozenset[str] = frozenset()
) -> Run:
    """Read and check a data folder; `drafts` admits incomplete forms.

    Messages name the folder by its path, or by the given display name. `only` holds the slugs of the
    units to read, all if it is empty.
    """
    with uncollected():
        dataset = read_dataset(data, named or shown(data), today(), drafts=drafts, only=only)
        return Run(dataset, judged(dataset))


def with_past(run: Run, data: Path) -> Run:
    """Return a copy of `run` with the units' git histories."""
    site = run.dataset.site
    past = read_past(data, site.history if site else "", "", None)
    with uncollected(), Blobs(data) as blobs:
        units_past = needed(past, [unit.slug for unit in run.dataset.units], blobs)
        common = read_common(data, shown(data), today())
        library = Library(common, units_past.forms, units_past.blobs)
        histories = {name: told(unit_past, library) for name, unit_past in units_past.units.items()}
        return replace(run, past=histories)


def all_pages(
    dataset: Dataset, judgement: Judgement, site: Site, past: Mapping[str, Past] = NO_HISTORY
) -> Iterator[Page]:
    """Yield every page of the site; `past` holds the units' histories by slug."""
    problems = judgement.by_disclosure
    entries: list[UnitEntry] = []
    for unit in dataset.units:
        disclosures = [disclosure for disclosure in dataset.disclosures if disclosure.unit == unit]
        entries.append(unit_entry(unit, disclosures, problems, past.get(unit.slug, NO_PAST)))
        yield from unit_pages(unit, entries[-1], disclosures, problems, site)
    yield from map(list_page, list_pages(entries, site, list(dataset.forms)))
    yield from rule_pages()


def pages(run: Run) -> Iterator[Page]:
    """Return the pages of a publishable data folder; raise ValueError if a problem blocks them."""
    if run.dataset.site is None or run.judgement.blocks:
        raise ValueError("data that must not be published")
    return all_pages(run.dataset, run.judgement, run.dataset.site, run.past)


def write_pages(
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
        tags = head_html(page.kind, page.head, site, site_url)
        text = markdown(page, tags, opening if page.path == HOME_PATH else "")
        path.write_text(text, "utf-8", newline="\n")
        count += 1
    return count


def write_beside(run: Run, folder: Path, site: Site, site_url: str = "") -> None:
    """Write the side files of all pages."""
    for name, data in _side_files(run, site, site_url):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _side_files(run: Run, site: Site, site_url: str) -> Iterator[tuple[str, bytes]]:
    entries: list[UnitEntry] = []
    publisher = Publisher(site, site_url)
    for unit in run.dataset.units:
        disclosures = [
            disclosure for disclosure in run.dataset.disclosures if disclosure.unit == unit
        ]
        past = run.past.get(unit.slug, NO_PAST)
        entries.append(unit_entry(unit, disclosures, run.judgement.by_disclosure, past))
        yield from beside_unit(unit, disclosures, site, site_url)
        yield from unit_feeds(entries[-1], unit.facts.former_slugs, publisher)
    yield from beside_lists(entries)
    for channel in list_channels(entries, site):
        yield from feed_files(channel, publisher)
    for page in list_pages(entries, site):
        yield from beside_list(page.view(), site, site_url)


def shown(path: Path) -> str:
    """Format a path as the user would type it: relative if it lies below the working directory."""
    absolute, here = path.absolute(), Path.cwd()
    near = os.path.relpath(absolute, here) if absolute.is_relative_to(here) else absolute
    return Path(near).as_posix()
