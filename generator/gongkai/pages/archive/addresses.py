"""URLs of archived pages, and the links in their text."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin

from gongkai.pages.archive.validity import ValidityPeriod
from gongkai.pages.page_types import RELEASE, RELEASES
from gongkai.pages.views.common import Link
from gongkai.runtime.urls import relative_url

ARCHIVE = Link("历史版本", RELEASES.url())
_UNSAFE = re.compile(r"[^0-9A-Za-z.-]")
_HREF = re.compile(r'(?<= href=")[^"#][^"]*')
_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def release_url(release: str) -> str:
    """Return the URL of a release's page; a name with unsafe characters gets a hash suffix."""
    name = _UNSAFE.sub("-", release)
    if name != release:
        name += f"-{hashlib.sha256(release.encode()).hexdigest()[:8]}"
    return RELEASE.url(release=name)


def archived_url(period: ValidityPeriod) -> str:
    """Return the URL of an archived page."""
    return f"{release_url(period.version.release)}units/{period.version.slug}/{period.path_in_unit}"


@dataclass(frozen=True, slots=True)
class LinkRewriter:
    """Rewrites the links of a unit's archived pages."""

    slug: str
    """The unit's current folder."""
    current_urls: frozenset[str]
    """The unit's current pages, from the site's root."""

    def current_url(self, path_in_unit: str) -> str:
        """Return the current page at this path, or the nearest one above it."""
        parts = path_in_unit.split("/")[:-1]
        folder = f"units/{self.slug}/"
        candidates = [f"{folder}{'/'.join(parts[:depth])}/" for depth in range(len(parts), 0, -1)]
        return next((url for url in (*candidates, folder) if url in self.current_urls), "units/")

    def rewrite_links(
        self, body: str, period: ValidityPeriod, periods: Mapping[str, ValidityPeriod]
    ) -> str:
        """Return an archived page's text with links to archived pages, else to current ones.

        `periods` are those of the same version, by path below the unit's folder.
        """
        old_folder, url = f"units/{period.version.slug}/", archived_url(period)
        return _HREF.sub(
            self._link_rewriter(f"{old_folder}{period.path_in_unit}", old_folder, url, periods),
            body,
        )

    def _link_rewriter(
        self, origin: str, old_folder: str, url: str, periods: Mapping[str, ValidityPeriod]
    ) -> Callable[[re.Match[str]], str]:
        def rewrite_link(match: re.Match[str]) -> str:
            link = unescape(match[0])
            if _EXTERNAL.match(link):
                return match[0]
            page, separator, anchor = urljoin(f"/{origin}", link).lstrip("/").partition("#")
            if not page.startswith(old_folder):
                return escape(relative_url(f"{page}{separator}{anchor}", url))
            path_in_unit = page.removeprefix(old_folder)
            period = periods.get(path_in_unit)
            if period and period.is_archived:
                return escape(relative_url(f"{archived_url(period)}{separator}{anchor}", url))
            current = self.current_url(path_in_unit)
            is_same_page = current == f"units/{self.slug}/{path_in_unit}"
            target = f"{current}{separator}{anchor}" if is_same_page else current
            return escape(relative_url(target, url))

        return rewrite_link
