"""Where the kept versions lie, and where their links lead."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin

from gongkai.pages.archive.validity import Run
from gongkai.pages.views.common import Link
from gongkai.runtime.urls import relative_url

AS_OF = Link("历史版本", "as-of/")
_UNFIT = re.compile(r"[^0-9A-Za-z.-]")
_LINK = re.compile(r'(?<= href=")[^"#][^"]*')
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def release_url(release: str) -> str:
    """The page of a release; one whose name is no address is told from others by its hash."""
    name = _UNFIT.sub("-", release)
    if name != release:
        name += f"-{hashlib.sha256(release.encode()).hexdigest()[:8]}"
    return f"{AS_OF.url}{name}/"


def address(run: Run) -> str:
    """Where the copy of a page lies."""
    return f"{release_url(run.version.release)}units/{run.version.slug}/{run.inner}"


@dataclass(frozen=True, slots=True)
class Ways:
    """Where links lead."""

    slug: str
    """The unit's folder now."""
    live: frozenset[str]
    """The pages that the unit has now, from the site's root."""

    def present(self, inner: str) -> str:
        """What stands now in the place of a page, or above it."""
        parts = inner.split("/")[:-1]
        here = f"units/{self.slug}/"
        tried = [f"{here}{'/'.join(parts[:size])}/" for size in range(len(parts), 0, -1)]
        return next((each for each in (*tried, here) if each in self.live), "units/")

    def rebased(self, body: str, run: Run, there: Mapping[str, Run]) -> str:
        """The text of a copy: links lead to copies of what stood then, else to what stands now."""
        old, here = f"units/{run.version.slug}/", address(run)
        return _LINK.sub(self._way(f"{old}{run.inner}", old, here, there), body)

    def _way(
        self, origin: str, old: str, here: str, there: Mapping[str, Run]
    ) -> Callable[[re.Match[str]], str]:
        def way(match: re.Match[str]) -> str:
            link = unescape(match[0])
            if _ELSEWHERE.match(link):
                return match[0]
            page, mark, anchor = urljoin(f"/{origin}", link).lstrip("/").partition("#")
            if not page.startswith(old):
                return escape(relative_url(f"{page}{mark}{anchor}", here))
            inner = page.removeprefix(old)
            run = there.get(inner)
            if run and run.kept:
                return escape(relative_url(f"{address(run)}{mark}{anchor}", here))
            now = self.present(inner)
            same = now == f"units/{self.slug}/{inner}"
            return escape(relative_url(f"{now}{mark}{anchor}" if same else now, here))

        return way
