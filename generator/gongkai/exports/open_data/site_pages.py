"""Pages about the open data: the data page, the data dictionary, its form pages."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from gongkai.exports.open_data.api import FormUse, form_uses, used_forms
from gongkai.exports.open_data.data_page import DATA_LINK, data_view
from gongkai.exports.open_data.dictionary_page import (
    DICTIONARY_LINK,
    dictionary_view,
    form_link,
    form_view,
    newest_year,
)
from gongkai.model.forms import Form
from gongkai.model.publication import Site
from gongkai.pages import page_types
from gongkai.pages.entries import UnitEntry
from gongkai.pages.list_page import ListPage
from gongkai.pages.views.common import PrintedDocument
from gongkai.pages.views.open_data import BulkDownload, FormView
from gongkai.runtime.hashing import hash_texts


def open_data_pages(
    units: Sequence[UnitEntry],
    site: Site,
    forms: Sequence[Form],
    blank: Callable[[Form, int], PrintedDocument],
    whole: BulkDownload | None = None,
) -> Iterator[ListPage]:
    """Yield the data page, the data dictionary and a page per form in use.

    `blank` lays out an empty form; `whole` is the bulk download, None if the site offers none.
    """
    data_page = partial(data_view, units, site, whole or BulkDownload())
    yield ListPage(page_types.DATA, DATA_LINK.url, data_page)
    used = used_forms(units, forms)
    key = " ".join(("dictionary", *(form.id for form in used)))
    dictionary = partial(dictionary_view, used)
    yield ListPage(page_types.DICTIONARY, DICTIONARY_LINK.url, dictionary, key)
    for form in used:
        uses = form_uses(units, form)
        key = hash_texts(f"{use.unit.link}{use.years}" for use in uses)
        view = partial(_form_view, form, uses, blank)
        yield ListPage(page_types.FORM, form_link(form).url, view, key)


def _form_view(
    form: Form, uses: Sequence[FormUse], blank: Callable[[Form, int], PrintedDocument]
) -> FormView:
    return form_view(form, uses, blank(form, newest_year(uses)))
