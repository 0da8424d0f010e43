"""The files that stand beside the pages: figures for the page that compares, downloads, open data."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from gongkai.exports.office.site_files import offered, offered_list
from gongkai.exports.open_data.api import api, unit_file, used_forms
from gongkai.exports.open_data.api_pages import Asset
from gongkai.exports.open_data.csv_files import csv_file, document_lines, joined
from gongkai.exports.open_data.figures_json import figures_json, unit_figures, units_json
from gongkai.exports.open_data.list_tables import list_table
from gongkai.exports.open_data.openapi import descriptions
from gongkai.exports.open_data.records import records
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import DocumentRows, documents
from gongkai.model.forms import Form
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.pages.downloads import CSV
from gongkai.pages.entries import UnitEntry
from gongkai.pages.links import disclosure_link, project_link
from gongkai.pages.views.lists import View

File = tuple[str, bytes]
"""A path from the site's root, and what is in it."""


def beside_unit(
    unit: Unit, disclosures: Sequence[Disclosure], site: Site, site_url: str
) -> Iterator[File]:
    """Beside the pages of one unit; `disclosures` are its own, by year."""
    figures = figures_json(unit_figures(unit, disclosures)).encode()
    yield f"units/{unit.slug}/figures.json", figures
    yield unit_file(unit, disclosures, site_url)
    for disclosure in disclosures:
        values = tuple(documents(disclosure))
        yield from records(disclosure, values, site, site_url)
        tables = dict(values_csv(disclosure, values))
        yield from tables.items()
        hashes = {path.removesuffix(CSV): _sha256(data) for path, data in tables.items()}
        yield from offered(disclosure, values, hashes, site, site_url)


def values_csv(disclosure: Disclosure, every: Iterable[DocumentRows]) -> Iterator[File]:
    """The values of a disclosure as CSV, beside each page those that it shows."""
    lines = [(each.record.project, document_lines(each)) for each in every]
    pages = {"": disclosure_link(disclosure)}
    pages |= {each.slug: project_link(disclosure, each) for each in disclosure.projects}
    for slug, page in pages.items():
        own = (text for project, text in lines if project == slug)
        yield f"{page.url}{CSV}", joined(VALUES.titles, own)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def beside_list(view: View, site: Site, site_url: str) -> Iterator[File]:
    """Beside a page that holds a list: its rows."""
    head = view.head
    if not head.downloads:
        return
    listing = list_table(view, site_url)
    data = csv_file(listing.table.titles, listing.rows)
    yield f"{head.url}{CSV}", data
    yield from offered_list(head, listing, _sha256(data), site, site_url)


def beside_lists(units: Iterable[UnitEntry]) -> Iterator[File]:
    """Beside the pages that stand above the units."""
    yield "compare/units.json", units_json(units).encode()


def assets(
    units: Sequence[UnitEntry], forms: Sequence[Form], site: Site, site_url: str
) -> Iterator[Asset]:
    """Further files above the units, each made only where it has changed."""
    yield from api(units, used_forms(units, forms), site, site_url)
    yield from descriptions(site, site_url)
