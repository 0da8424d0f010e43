"""Pages that MkDocs has rendered take the place of their Markdown; then they are indexed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from gongkai.build.page_writers import HtmlWriter, MarkdownWriter
from gongkai.build.theme.page_shells import tidy_html
from gongkai.build.unit import MarkdownPages, UnitResult, write_search_texts
from gongkai.pages.page_types import page_url
from gongkai.runtime.packing import pack_values
from gongkai.runtime.writing import (
    BuildOutput,
    OutputFile,
    hash_sitemap_entries,
    write_file,
)
from gongkai.search.documents import IndexedUnit, SourcePage


def rendered_path(markdown_path: str) -> str:
    """Return the path of the HTML that MkDocs makes of a Markdown file."""
    return f"{page_url(markdown_path)}index{HtmlWriter.extension}"


def insert_pages(
    files: Iterable[OutputFile], rendered: Path, output: BuildOutput
) -> Iterator[OutputFile]:
    """Write the pages in the folder `rendered` in place of their Markdown; yield all files."""
    for file in files:
        if not file.path.endswith(MarkdownWriter.extension):
            yield file
            continue
        (output.site_folder / file.path).unlink()
        path = rendered_path(file.path)
        html = _read_page(rendered, path).encode()
        page = write_file(path, html, output.site_folder, output.known_digests)
        yield file._replace(path=path, digest=page.digest, size=page.size)


def insert_unit_pages(result: UnitResult, rendered: Path, output: BuildOutput) -> UnitResult:
    """Write a unit's pages in place of their Markdown, and index them."""
    files = list(insert_pages(result.output_files, rendered, output))
    search_entry: IndexedUnit | None = None
    if result.markdown:
        sources = _search_sources(result.markdown, rendered)
        names = result.markdown.names
        search_entry, text_files = write_search_texts(result.name, sources, names, output)
        files += text_files
    return replace(
        result,
        packed_files=pack_values(list(map(tuple, files))),
        page_count=sum(file.is_page for file in files),
        sitemap_hash=hash_sitemap_entries(files),
        search_entry=search_entry,
        markdown=None,
    )


def _search_sources(markdown: MarkdownPages, rendered: Path) -> Iterator[SourcePage]:
    for page in markdown.pages:
        if page.facts:
            html = _read_page(rendered, rendered_path(page.path))
            yield SourcePage(page_url(page.path), html, page.facts)


def _read_page(rendered: Path, path: str) -> str:
    return tidy_html((rendered / path).read_text("utf-8"))
