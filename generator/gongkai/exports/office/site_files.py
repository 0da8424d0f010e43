"""Word and Excel downloads of the site: printed forms, data, and their origin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.exports.office.data_sheets import WorkbookSource, about_sheet, data_sheet, money_units
from gongkai.exports.office.excel_writer import render_excel
from gongkai.exports.office.print_layout import AttachmentLayout, attachment_layouts
from gongkai.exports.office.word_writer import render_word
from gongkai.exports.open_data.list_tables import ListTable
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import DocumentRows
from gongkai.model.publication import Disclosure, Site
from gongkai.pages.disclosure import disclosure_title, last_updated
from gongkai.pages.downloads import EXCEL, WORD
from gongkai.pages.links import disclosure_link, project_link
from gongkai.pages.views.common import Link

SiteFile = tuple[str, bytes]
"""A path relative to the site root, and its content."""


@dataclass(frozen=True, slots=True)
class DownloadContent:
    """A disclosure and what its downloads are made of."""

    disclosure: Disclosure
    documents: Sequence[DocumentRows]
    hashes: Mapping[str, str]
    """SHA-256 of the index.csv beside a page, by the page's address."""
    site: Site
    site_url: str


def render_disclosure_files(offer: DownloadContent) -> Iterator[SiteFile]:
    """Yield the downloads of a disclosure, and of its projects, beside their pages."""
    layouts, disclosure = attachment_layouts(offer.disclosure), offer.disclosure
    page = Link(disclosure_title(disclosure), disclosure_link(disclosure).url)
    yield from _page_files(offer, page, layouts, offer.documents)
    for project in disclosure.projects:
        project_layouts = [layout for layout in layouts if layout.project == project.slug]
        documents = [
            document for document in offer.documents if document.record.project == project.slug
        ]
        yield from _page_files(offer, project_link(disclosure, project), project_layouts, documents)


def render_list_workbook(source: WorkbookSource, listing: ListTable) -> bytes:
    """Return the workbook of a list: its rows and their origin."""
    table, rows = listing
    return render_excel((), (data_sheet(table, rows), about_sheet(source, table)))


def _page_files(
    offer: DownloadContent,
    page: Link,
    layouts: Sequence[AttachmentLayout],
    documents: Sequence[DocumentRows],
) -> Iterator[SiteFile]:
    """Yield the downloads of one page, in the formats that the site offers."""
    if "Excel" in offer.site.attachment_formats:
        rows = (row for document in documents for row in document.rows)
        data_sheets = data_sheet(VALUES, rows), about_sheet(_source(offer, page, documents), VALUES)
        yield f"{page.url}{EXCEL}", render_excel(layouts, data_sheets)
    if "Word" in offer.site.attachment_formats:
        yield f"{page.url}{WORD}", render_word(layouts)


def _source(
    offer: DownloadContent, page: Link, documents: Iterable[DocumentRows]
) -> WorkbookSource:
    """Return the origin of a page's workbook."""
    disclosure = offer.disclosure
    catalogue = disclosure.facts.catalogue
    facts = (
        ("公开单位", disclosure.unit.facts.name),
        ("年度", f"{disclosure.year}"),
        ("发布机构", catalogue.publisher),
        ("索引号", catalogue.index_number),
        ("发布日期", f"{catalogue.published or ''}"),
        ("最后更改", last_updated(disclosure)),
        ("金额单位", money_units(document.record for document in documents)),
    )
    return WorkbookSource(
        offer.site, offer.site_url, page.title, page.url, facts, offer.hashes[page.url]
    )
