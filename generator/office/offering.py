"""The files that a site offers beside its pages, where site.yml asks for them (下载)."""

from collections.abc import Iterator, Mapping, Sequence

from generator.downloads import EXCEL
from generator.opendata.list_tables import ListTable
from generator.opendata.values import DocumentRows
from generator.publication import Disclosure, Site
from generator.views import Head


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
        from generator.office.site_files import Offer, evaluation_files

        yield from evaluation_files(Offer(disclosure, documents, hashes, site, site_url))


def offered_list(
    head: Head, listing: ListTable, digest: str, site: Site, site_url: str
) -> Iterator[tuple[str, bytes]]:
    """The same beside a list; `digest` is SHA-256 of its index.csv."""
    if any(each.file == EXCEL for each in head.downloads):
        from generator.office.about_sheet import Source
        from generator.office.site_files import list_file

        source = Source(site, site_url, head.title, head.url, (), digest)
        yield f"{head.url}{EXCEL}", list_file(source, listing)
