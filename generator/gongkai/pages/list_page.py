"""A page above the units, whose view is built on demand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.page_types import PageType
from gongkai.pages.views.common import View
from gongkai.runtime.hashing import hash_texts


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page above the units; calling `view` builds what it shows."""

    type: PageType
    url: str
    view: Callable[[], View]
    key: str = ""
    """Hash of everything that the page shows; empty if the page is always built again."""

    @property
    def site_path(self) -> str:
        """Path of the page's HTML file within the site."""
        return f"{self.url}index.html"


def entries_key(entries: Iterable[tuple[UnitEntry, Entry | None]]) -> str:
    """Return the hash of everything that lists show of these disclosures."""
    return hash_texts(f"{unit.shown_fields}{entry.key if entry else ''}" for unit, entry in entries)
