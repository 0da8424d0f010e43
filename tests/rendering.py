"""Pages of a dataset, rendered in memory."""

from collections.abc import Iterator

from gongkai.build.list_pages import list_pages
from gongkai.checks.registry import check_dataset
from gongkai.pages.entries import unit_entry
from gongkai.pages.render import Page, render_list_page, render_rule_pages, render_unit_pages
from gongkai.reading.dataset import Dataset


def render_pages(dataset: Dataset) -> Iterator[Page]:
    """Yield all pages without a history."""
    assert dataset.site
    problems = check_dataset(dataset).by_disclosure
    entries = []
    for unit in dataset.units:
        disclosures = [disclosure for disclosure in dataset.disclosures if disclosure.unit == unit]
        warnings = dataset.site.shows_warnings
        entries.append(unit_entry(unit, disclosures, problems, shows_warnings=warnings))
        yield from render_unit_pages(unit, entries[-1], disclosures, problems, dataset.site)
    yield from map(render_list_page, list_pages(entries, dataset.site, dataset.forms))
    yield from render_rule_pages()
