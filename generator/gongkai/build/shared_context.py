"""The build context that the pages of all units share, and how workers load it."""

import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongkai.build.theme.page_shells import PageTemplate
from gongkai.exports.feeds.channels import FeedPublisher
from gongkai.model.publication import Site
from gongkai.pages.meta_tags import render_head_tags
from gongkai.pages.render import Page
from gongkai.reading.dataset import CommonData


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Site facts and page templates shared by the pages of all units."""

    common: CommonData
    templates: Mapping[str, PageTemplate]
    """By name of the page type."""
    data_path: str
    """Relative path from the hand-written pages to the data folder, for edit links."""
    site_url: str
    store_rows: bool = False
    """Whether units' rows are stored for the bulk download."""

    @property
    def site(self) -> Site:
        """The publishing site; raise ValueError without site.yml."""
        if self.common.site is None:
            raise ValueError("there is no site.yml")
        return self.common.site

    @property
    def publisher(self) -> FeedPublisher:
        """The publisher named in the feeds."""
        return FeedPublisher(self.site, self.site_url)

    def render_page(self, page: Page) -> str:
        """Return the complete HTML of a page."""
        file = page.source.removeprefix(f"{self.common.shown}/")
        source = f"{self.data_path}/{file}" if page.source else ""
        tags = render_head_tags(page.type, page.head, self.site, self.site_url)
        return self.templates[page.type.name].fill(page, source, tags)


def write_context(context: BuildContext, path: Path) -> str:
    """Pickle the build context for the workers; return its content hash."""
    data = pickle.dumps(context, pickle.HIGHEST_PROTOCOL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=1)
def read_context(path: Path, digest: str) -> BuildContext:
    """Load the pickled build context; raise ValueError if its content hash is not `digest`."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("the build context changed during the build")
    context: BuildContext = pickle.loads(data)  # noqa: S301 - our own, its digest is that of the job
    return context
