"""The files that a site offers beside a disclosure's page, where site.yml asks for them (下载)."""

from collections.abc import Iterator

from generator.lines import disclosure_link
from generator.presenting import downloads
from generator.publication import Disclosure, Site


def offered(disclosure: Disclosure, site: Site) -> Iterator[tuple[str, bytes]]:
    """Paths from the site's root, and contents."""
    if not site.downloads:
        return
    from generator.office.excel_writing import excel
    from generator.office.paper import papers
    from generator.office.word_writing import word

    writers = {"Word": word, "Excel": excel}
    every = papers(disclosure)
    for each in downloads(disclosure, site):
        yield f"{disclosure_link(disclosure).url}{each.file}", writers[each.label](every)
