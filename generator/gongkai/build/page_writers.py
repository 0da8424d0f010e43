"""Writers of pages: as HTML of the site, or as Markdown for other site builders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

from gongkai.build.theme.page_shells import PageTemplate
from gongkai.pages.markdown import render_markdown
from gongkai.pages.page_types import HOME
from gongkai.pages.render import Page
from gongkai.runtime.shipped import read_shipped_page
from gongkai.runtime.writing import BuildOutput, OutputFile, write_file


class RenderedPage(NamedTuple):
    """The complete text of a page."""

    text: str
    slot_sizes: tuple[int, ...] = ()
    """Lengths of what was filled into the slots of a page template; empty without one."""


@dataclass(frozen=True, slots=True)
class HtmlWriter:
    """Fills pages into the theme's templates."""

    templates: Mapping[str, PageTemplate]
    """By name of the page type."""
    data_name: str
    """Name of the data folder in the pages' source paths."""
    data_path: str
    """Relative path from the hand-written pages to the data folder, for edit links."""

    extension: ClassVar[str] = ".html"
    makes_website: ClassVar[bool] = True
    """Whether the output is a website, with redirects, archived pages, search and API."""

    def page_path(self, page: Page) -> str:
        """Return the path of a page's file."""
        return f"{page.head.url}index.html"

    def render(self, page: Page, tags: str) -> RenderedPage:
        """Return the complete HTML of a page; `tags` go into its head."""
        file = data_file(page, self.data_name)
        source = f"{self.data_path}/{file}" if file else ""
        template = self.templates[page.type.name]
        slots = template.slot_values(page, source, tags)
        return RenderedPage(template.join(slots), tuple(map(len, slots)))


@dataclass(frozen=True, slots=True)
class MarkdownWriter:
    """Turns pages into Markdown with front matter."""

    opening: str
    """Hand-written Markdown above the body of the home page."""
    makes_website: bool = False
    """Whether MkDocs renders the pages for a website, so that it needs what HtmlWriter's has."""

    extension: ClassVar[str] = ".md"

    def page_path(self, page: Page) -> str:
        """Return the path of a page's file."""
        return page.path

    def render(self, page: Page, tags: str) -> RenderedPage:
        """Return the Markdown of a page; `tags` go into its front matter."""
        opening = self.opening if page.path == HOME.path else ""
        return RenderedPage(render_markdown(page, tags, opening))


PageWriter = HtmlWriter | MarkdownWriter


def data_file(page: Page, data_name: str) -> str:
    """Return the path of a page's data file from the data folder; empty for lists.

    `data_name` is how the page's source path names the data folder.
    """
    return page.source.removeprefix(f"{data_name}/")


def markdown_writer(content: Path) -> MarkdownWriter:
    """Return the writer of Markdown; the home page in `content` opens the generated one."""
    home = content / HOME.path
    opening = home.read_text("utf-8") if home.is_file() else read_shipped_page(HOME.path)
    return MarkdownWriter(opening)


def write_page(
    page: Page, rendered: RenderedPage, writer: PageWriter, output: BuildOutput
) -> OutputFile:
    """Write a rendered page."""
    file = write_file(
        writer.page_path(page),
        rendered.text.encode(),
        output.site_folder,
        output.known_digests,
        page.head.updated,
    )
    if not rendered.slot_sizes:
        return file
    return file._replace(template=page.type.name, slot_sizes=rendered.slot_sizes)


def count_pages(files: Iterable[OutputFile], writer: PageWriter) -> int:
    """Return how many of the files are pages."""
    return sum(file.path.endswith(writer.extension) for file in files)
