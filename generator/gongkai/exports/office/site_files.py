"""The Word and Excel files of a site: the official forms, the data, and where they come from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.exports.office.data_sheets import Source, about_sheet, data_sheet, money_units
from gongkai.exports.office.excel_writer import excel
from gongkai.exports.office.print_layout import Paper, papers
from gongkai.exports.office.word_writer import word
from gongkai.exports.open_data.list_tables import ListTable
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import DocumentRows
from gongkai.model.publication import Disclosure, Site
from gongkai.pages.disclosure import updated, whole_title
from gongkai.pages.downloads import EXCEL, WORD
from gongkai.pages.links import disclosure_link, project_link
from gongkai.pages.views.common import Head, Link

File = tuple[str, bytes]
"""A path from the site's root, and what is in it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is made into files."""

    disclosure: Disclosure
    documents: Sequence[DocumentRows]
    hashes: Mapping[str, str]
    """SHA-256 of the index.csv beside each page, by the page's address."""
    site: Site
    site_url: str


def evaluation_files(offer: Offer) -> Iterator[File]:
    """Beside the disclosure's page all of it, beside a project's page what is the project's."""
    every, disclosure = papers(offer.disclosure), offer.disclosure
    whole = Link(whole_title(disclosure), disclosure_link(disclosure).url)
    yield from _files(offer, whole, every, offer.documents)
    for project in disclosure.projects:
        own = [each for each in every if each.project == project.slug]
        values = [each for each in offer.documents if each.record.project == project.slug]
        yield from _files(offer, project_link(disclosure, project), own, values)


def list_file(source: Source, listing: ListTable) -> bytes:
    """The rows of a list, and where they come from."""
    table, rows = listing
    return excel((), (data_sheet(table, rows), about_sheet(source, table)))


def _files(
    offer: Offer, page: Link, printed: Sequence[Paper], values: Sequence[DocumentRows]
) -> Iterator[File]:
    if "Excel" in offer.site.downloads:
        rows = (row for each in values for row in each.rows)
        more = data_sheet(VALUES, rows), about_sheet(_source(offer, page, values), VALUES)
        yield f"{page.url}{EXCEL}", excel(printed, more)
    if "Word" in offer.site.downloads:
        yield f"{page.url}{WORD}", word(printed)


def _source(offer: Offer, page: Link, values: Iterable[DocumentRows]) -> Source:
    disclosure = offer.disclosure
    catalogue = disclosure.facts.catalogue
    facts = (
        ("公开单位", disclosure.unit.facts.name),
        ("年度", f"{disclosure.year}"),
        ("发布机构", catalogue.publisher),
        ("索引号", catalogue.index_number),
        ("发布日期", f"{catalogue.published or ''}"),
        ("最后更改", updated(disclosure)),
        ("金额单位", money_units(each.record for each in values)),
    )
    return Source(offer.site, offer.site_url, page.title, page.url, facts, offer.hashes[page.url])


def offered(
    disclosure: Disclosure,
    documents: Sequence[DocumentRows],
    hashes: Mapping[str, str],
    site: Site,
    site_url: str,
) -> Iterator[tuple[str, bytes]]:
    """Paths from the site's root, and contents: beside the disclosure's page and its projects'.

    `hashes` gives SHA-256 of the index.csv beside each page, by the page's address.
    """
    if site.downloads:
        from gongkai.exports.office.site_files import Offer, evaluation_files

        yield from evaluation_files(Offer(disclosure, documents, hashes, site, site_url))


def offered_list(
    head: Head, listing: ListTable, digest: str, site: Site, site_url: str
) -> Iterator[tuple[str, bytes]]:
    """The same beside a list; `digest` is SHA-256 of its index.csv."""
    if any(each.file == EXCEL for each in head.downloads):
        from gongkai.exports.office.data_sheets import Source
        from gongkai.exports.office.site_files import list_file

        source = Source(site, site_url, head.title, head.url, (), digest)
        yield f"{head.url}{EXCEL}", list_file(source, listing)
