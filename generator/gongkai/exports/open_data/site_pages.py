"""Pages about the open data: the data page, the data dictionary, its form pages."""

from collections.abc import Iterator, Sequence
from functools import partial

from gongkai.exports.open_data.api import used_forms
from gongkai.exports.open_data.data_page import DATA_LINK, data_view
from gongkai.exports.open_data.dictionary_page import (
    DICTIONARY_LINK,
    dictionary_view,
    form_link,
    form_view,
)
from gongkai.model.forms import Form
from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.entries import UnitEntry
from gongkai.pages.index import ListPage, list_path
from gongkai.pages.views.open_data import BulkDownload


def open_data_pages(
    units: Sequence[UnitEntry],
    site: Site,
    forms: Sequence[Form] = (),
    whole: BulkDownload | None = None,
) -> Iterator[ListPage]:
    """Yield the data page, the data dictionary and a page per form in use.

    `whole` is the bulk download; None if the site offers none.
    """
    view = partial(data_view, units, site, whole or BulkDownload())
    yield ListPage(PageKind.DATA, f"{DATA_LINK.url}index.md", view)
    used = used_forms(units, forms)
    key = " ".join(("dictionary", *(form.id for form in used)))
    path = f"{DICTIONARY_LINK.url}index.md"
    yield ListPage(PageKind.DICTIONARY, path, partial(dictionary_view, used), key)
    for form in used:
        path = list_path(form_link(form).url)
        yield ListPage(PageKind.FORM, path, partial(form_view, form), form.id)
