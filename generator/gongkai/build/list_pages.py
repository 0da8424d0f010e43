"""All list pages of the site, those about the open data included."""

from collections.abc import Iterator, Sequence
from itertools import chain

from gongkai.authoring.blank_forms import blank_form
from gongkai.exports.open_data.site_pages import open_data_pages
from gongkai.model.forms import Form
from gongkai.model.publication import Site
from gongkai.pages.entries import UnitEntry
from gongkai.pages.index import iter_list_pages
from gongkai.pages.list_page import ListPage
from gongkai.pages.views.open_data import BulkDownload


def list_pages(
    units: Sequence[UnitEntry],
    site: Site,
    forms: Sequence[Form] = (),
    bulk_download: BulkDownload | None = None,
) -> Iterator[ListPage]:
    """Return home, years, units, registers, download page and data dictionary."""
    open_data = open_data_pages(units, site, forms, blank_form, bulk_download)
    return chain(iter_list_pages(units, site), open_data)
