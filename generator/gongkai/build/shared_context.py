"""What the pages of all units share, and how workers come by it."""

import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongkai.build.theme.page_shells import Shell
from gongkai.exports.feeds.channels import Publisher
from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.meta_tags import head_html
from gongkai.pages.render import Page
from gongkai.reading.dataset import Common


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of all units share."""

    common: Common
    shells: Mapping[PageKind, Shell]
    data: str
    """The way from the hand-written pages to the data folder, for edit links."""
    site_url: str
    rows: bool = False
    """Whether the units' rows are kept, for the download of the whole."""

    @property
    def site(self) -> Site:
        """Who publishes; without it nothing is built."""
        if self.common.site is None:
            raise ValueError("there is no site.yml")
        return self.common.site

    @property
    def publisher(self) -> Publisher:
        """Whose feeds they are."""
        return Publisher(self.site, self.site_url)

    def html(self, page: Page) -> str:
        """The whole HTML of a page."""
        file = page.source.removeprefix(f"{self.common.shown}/")
        source = f"{self.data}/{file}" if page.source else ""
        tags = head_html(page.kind, page.head, self.site, self.site_url)
        return self.shells[page.kind].filled(page, source, tags)


def write_frame(frame: Frame, path: Path) -> str:
    """Keep a frame for the workers; its digest."""
    data = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=1)
def read_frame(path: Path, digest: str) -> Frame:
    """The frame at a path; `digest` tells a new one from the one that is known."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("the frame has changed under way")
    frame: Frame = pickle.loads(data)  # noqa: S301 - our own, its digest is that of the order
    return frame
