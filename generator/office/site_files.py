"""The Word and Excel files of a site: the official forms, the data, and where they come from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.downloads import EXCEL, WORD
from generator.lines import disclosure_link, project_link
from generator.office.about_sheet import Source, about_sheet, money_units
from generator.office.data_sheets import data_sheet
from generator.office.excel_writing import excel
from generator.office.paper import Paper, papers
from generator.office.word_writing import word
from generator.opendata.columns import VALUES
from generator.opendata.list_tables import ListTable
from generator.opendata.values import DocumentRows
from generator.presenting import updated, whole_title
from generator.publication import Disclosure, Site
from generator.views import Link

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
