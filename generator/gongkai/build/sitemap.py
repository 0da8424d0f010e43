"""sitemap.xml: every page's address, and the day that the data gives for it."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin

from markupsafe import escape

from gongkai.runtime.writing import Written

MOST = 50_000
"""How many addresses a sitemap may hold (sitemaps.org)."""
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemaps(
    pages: Iterable[Written], site_url: str, most: int = MOST
) -> Iterator[tuple[str, bytes]]:
    """Names and contents: one file, or an index and as many files as are needed.

    Nothing where the site's address is not known: a sitemap gives whole addresses.
    """
    if not site_url:
        return
    base = urljoin(site_url, "index.html").removesuffix("index.html")
    lines = [_line(page, base) for page in sorted(pages) if page.is_listed]
    if len(lines) <= most:
        yield "sitemap.xml", _file("urlset", lines)
        return
    parts = [lines[start : start + most] for start in range(0, len(lines), most)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    places = [
        f"  <sitemap><loc>{escape(urljoin(site_url, name))}</loc></sitemap>" for name in names
    ]
    yield "sitemap.xml", _file("sitemapindex", places)
    for name, part in zip(names, parts, strict=True):
        yield name, _file("urlset", part)


def _line(page: Written, base: str) -> str:
    address = escape(f"{base}{page.path.removesuffix('index.html')}")
    day = f"<lastmod>{page.updated}</lastmod>" if page.updated else ""
    return f"  <url><loc>{address}</loc>{day}</url>"


def _file(element: str, lines: Sequence[str]) -> bytes:
    body = "".join(f"{line}\n" for line in lines)
    return f"{_XML}<{element} {_SPACE}>\n{body}</{element}>\n".encode()
