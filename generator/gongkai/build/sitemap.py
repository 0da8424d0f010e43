"""The sitemap: every page's address, with the publication date that the data gives."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin

from markupsafe import escape

from gongkai.runtime.writing import OutputFile

MAX_URLS = 50_000
"""Largest number of addresses in a sitemap file (sitemaps.org)."""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemaps(
    pages: Iterable[OutputFile], site_url: str, max_urls: int = MAX_URLS
) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents: one sitemap, or a sitemap index and the sitemaps that it lists.

    Without a site address there is none, because a sitemap needs absolute URLs.
    """
    if not site_url:
        return
    base = urljoin(site_url, "index.html").removesuffix("index.html")
    lines = [_line(page, base) for page in sorted(pages) if page.is_in_sitemap]
    if len(lines) <= max_urls:
        yield "sitemap.xml", _file("urlset", lines)
        return
    parts = [lines[start : start + max_urls] for start in range(0, len(lines), max_urls)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    index_lines = [
        f"  <sitemap><loc>{escape(urljoin(site_url, name))}</loc></sitemap>" for name in names
    ]
    yield "sitemap.xml", _file("sitemapindex", index_lines)
    for name, part in zip(names, parts, strict=True):
        yield name, _file("urlset", part)


def _line(page: OutputFile, base: str) -> str:
    address = escape(f"{base}{page.path.removesuffix('index.html')}")
    day = f"<lastmod>{page.lastmod}</lastmod>" if page.lastmod else ""
    return f"  <url><loc>{address}</loc>{day}</url>"


def _file(element: str, lines: Sequence[str]) -> bytes:
    body = "".join(f"{line}\n" for line in lines)
    return f"{_XML}<{element} {_NAMESPACE}>\n{body}</{element}>\n".encode()
