"""Check a data folder and render its pages as Markdown, for other site generators."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gongkai.build.list_pages import list_pages
from gongkai.build.side_files import list_side_files, site_side_files, unit_side_files
from gongkai.checks.registry import Judgement
from gongkai.checks.runner import CheckedData
from gongkai.exports.feeds.channels import FeedPublisher, iter_site_feeds
from gongkai.exports.feeds.formats import render_feed_files, render_unit_feeds
from gongkai.history.events import build_histories
from gongkai.history.past import collect_history_inputs, read_history
from gongkai.history.versions import VersionLibrary
from gongkai.model.publication import Site
from gongkai.pages import page_types
from gongkai.pages.entries import EMPTY_HISTORY, HistoryByYear, UnitEntry, unit_entry
from gongkai.pages.markdown import render_markdown
from gongkai.pages.meta_tags import render_head_tags
from gongkai.pages.render import Page, render_list_page, render_rule_pages, render_unit_pages
from gongkai.reading.dataset import Dataset, read_common_data
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.git import BlobReader
from gongkai.runtime.paths import display_path

NO_HISTORY: Mapping[str, HistoryByYear] = {}


def read_histories(dataset: Dataset, data: Path) -> Mapping[str, HistoryByYear]:
    """Return the units' git histories by slug."""
    past = read_history(data, dataset.site.history if dataset.site else "", "", None)
    with pause_gc(), BlobReader(data) as blobs:
        units_past = collect_history_inputs(past, [unit.slug for unit in dataset.units], blobs)
        common = read_common_data(data, display_path(data), today())
        library = VersionLibrary(common, units_past.forms, units_past.blobs)
        return {
            name: build_histories(unit_past, library)
            for name, unit_past in units_past.units.items()
        }


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


def publishable_pages(
    run: CheckedData, past: Mapping[str, HistoryByYear] = NO_HISTORY
) -> Iterator[Page]:
    """Return the pages of a publishable data folder; raise ValueError if a problem blocks them."""
    if run.dataset.site is None or run.judgement.blocks:
        raise ValueError("data that must not be published")
    return all_pages(run.dataset, run.judgement, run.dataset.site, past)


def write_markdown_pages(
    pages_to_write: Iterable[Page], content: Path, folder: Path, site: Site, site_url: str = ""
) -> int:
    """Write pages as Markdown files; return their number.

    `content` is the folder of the hand-written pages; its home page opens the generated one.
    """
    home = content / page_types.HOME.path
    opening = home.read_text("utf-8") if home.is_file() else ""
    count = 0
    for page in pages_to_write:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        tags = render_head_tags(page.type, page.head, site, site_url)
        text = render_markdown(page, tags, opening if page.type is page_types.HOME else "")
        path.write_text(text, "utf-8", newline="\n")
        count += 1
    return count


def write_side_files(
    run: CheckedData, past: Mapping[str, HistoryByYear], folder: Path, publisher: FeedPublisher
) -> None:
    """Write the side files of all pages."""
    for name, data in _side_files(run, past, publisher):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _side_files(
    run: CheckedData, past: Mapping[str, HistoryByYear], publisher: FeedPublisher
) -> Iterator[tuple[str, bytes]]:
    entries: list[UnitEntry] = []
    site, site_url = publisher.site, publisher.site_url
    for unit in run.dataset.units:
        disclosures = [
            disclosure for disclosure in run.dataset.disclosures if disclosure.unit == unit
        ]
        history = past.get(unit.slug, EMPTY_HISTORY)
        entries.append(unit_entry(unit, disclosures, run.judgement.by_disclosure, history))
        yield from unit_side_files(unit, disclosures, site, site_url)
        yield from render_unit_feeds(entries[-1], unit.facts.former_slugs, publisher)
    yield from site_side_files(entries)
    for channel in iter_site_feeds(entries, site):
        yield from render_feed_files(channel, publisher)
    for page in list_pages(entries, site):
        yield from list_side_files(page.view(), site, site_url)
