"""The build context that the pages of all units share, and how workers load it."""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from gongkai.build.page_writers import PageWriter, RenderedPage
from gongkai.build.refill import PresentPages
from gongkai.exports.feeds.channels import FeedPublisher
from gongkai.model.forms import Form
from gongkai.model.publication import Site
from gongkai.pages.meta_tags import render_head_tags
from gongkai.pages.render import Page
from gongkai.reading.dataset import CommonData
from gongkai.runtime.packing import pack_object, unpack_object


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Site facts and page writer shared by the pages of all units."""

    common: CommonData
    site_url: str
    writer: PageWriter
    store_rows: bool = False
    """Whether units' rows are stored for the bulk download."""
    shows_errors: bool = False
    """Whether units with errors are rendered too, as far as they can be read (a preview)."""
    present_pages: PresentPages | None = None
    """The pages of the present site, if they only need to be filled into other templates."""

    @property
    def site(self) -> Site:
        """The publishing site; raise ValueError without site.yml."""
        if self.common.site is None:
            raise ValueError("there is no site.yml")
        return self.common.site

    @property
    def forms(self) -> list[Form]:
        """The usable forms."""
        return [form for form in self.common.forms.values() if form]

    @property
    def publisher(self) -> FeedPublisher:
        """The publisher named in the feeds."""
        return FeedPublisher(self.site, self.site_url)

    def render_page(self, page: Page) -> RenderedPage:
        """Return the complete text of a page."""
        tags = render_head_tags(page.type, page.head, self.site, self.site_url)
        return self.writer.render(page, tags)


def write_context(context: BuildContext, path: Path) -> str:
    """Pickle the build context for the workers; return its content hash.

    The sources of the shared data are left out, because workers do not need them.
    """
    common = replace(context.common, sources=(), problems=())
    data = pack_object(replace(context, common=common))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=1)
def read_context(path: Path, digest: str) -> BuildContext:
    """Load the pickled build context; raise ValueError if its content hash is not `digest`."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("the build context changed during the build")
    context: BuildContext = unpack_object(data)
    return context
