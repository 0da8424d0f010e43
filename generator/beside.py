"""The files that stand beside the pages: figures for the page that compares, downloads, open data."""

from collections.abc import Iterable, Iterator, Sequence

from generator.entries import UnitEntry
from generator.figures_json import figures_json, unit_figures, units_json
from generator.forms import Form
from generator.office.offering import offered
from generator.opendata.api import api, unit_file, used_forms
from generator.opendata.listings import Asset
from generator.opendata.openapi import descriptions
from generator.opendata.records import records
from generator.opendata.values import documents
from generator.publication import Disclosure, Site, Unit

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
        yield from offered(disclosure, site)


def beside_lists(units: Iterable[UnitEntry]) -> Iterator[File]:
    """Beside the pages that stand above the units."""
    yield "compare/units.json", units_json(units).encode()


def assets(
    units: Sequence[UnitEntry], forms: Sequence[Form], site: Site, site_url: str
) -> Iterator[Asset]:
    """Further files above the units, each made only where it has changed."""
    yield from api(units, used_forms(units, forms), site, site_url)
    yield from descriptions(site, site_url)
