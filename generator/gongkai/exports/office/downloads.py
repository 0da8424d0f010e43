"""Word and Excel downloads, imported only where a site offers them.

openpyxl and python-docx are slow to import, and most sites offer neither.
"""

from collections.abc import Iterator, Mapping, Sequence

from gongkai.exports.open_data.list_tables import ListTable
from gongkai.exports.open_data.values import DocumentRows
from gongkai.model.publication import Disclosure, Site
from gongkai.pages.downloads import EXCEL
from gongkai.pages.views.common import PageHead


def disclosure_downloads(
    disclosure: Disclosure,
    documents: Sequence[DocumentRows],
    hashes: Mapping[str, str],
    site: Site,
    site_url: str,
) -> Iterator[tuple[str, bytes]]:
    """Yield paths relative to the site root, and contents, for a disclosure and its projects.

    `hashes` gives the SHA-256 of the index.csv beside a page, by the page's address.
    """
    if site.attachment_formats:
        from gongkai.exports.office.site_files import DownloadContent, render_disclosure_files

        yield from render_disclosure_files(
            DownloadContent(disclosure, documents, hashes, site, site_url)
        )


def list_downloads(
    head: PageHead, listing: ListTable, digest: str, site: Site, site_url: str
) -> Iterator[tuple[str, bytes]]:
    """Yield the workbook beside a list; `digest` is the SHA-256 of its index.csv."""
    if any(download.file == EXCEL for download in head.downloads):
        from gongkai.exports.office.data_sheets import WorkbookSource
        from gongkai.exports.office.site_files import render_list_workbook

        source = WorkbookSource(site, site_url, head.title, head.url, (), digest)
        yield f"{head.url}{EXCEL}", render_list_workbook(source, listing)
