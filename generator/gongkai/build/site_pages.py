"""Site-level files: lists, registers, the handbook's rules, feeds, API and the output of MkDocs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from urllib.parse import urljoin

from gongkai.build.page_writers import write_page
from gongkai.build.shared_context import BuildContext
from gongkai.build.side_files import list_side_files, site_assets, site_side_files
from gongkai.build.sitemap import sitemaps
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitResult
from gongkai.exports.feeds.channels import iter_site_feeds
from gongkai.exports.feeds.formats import feed_paths, render_feed_files
from gongkai.pages.downloads import CSV, EXCEL
from gongkai.pages.entries import UnitEntry
from gongkai.pages.list_page import ListPage
from gongkai.pages.page_types import RULES
from gongkai.pages.render import render_list_page, render_rule_pages
from gongkai.runtime.hashing import hash_texts
from gongkai.runtime.writing import (
    BuildOutput,
    OutputFile,
    hash_sitemap_entries,
    write_file,
    write_files,
)

_ROBOTS = "robots.txt"
_MKDOCS_SITEMAPS = ("sitemap.xml", "sitemap.xml.gz")


@dataclass(frozen=True, slots=True)
class SiteStore:
    """Where site-level files are written, and which ones need not be made again."""

    output: BuildOutput
    reusable: Mapping[str, OutputFile] = field(default_factory=dict)
    """Present files by path; one whose cache key is the same is kept."""

    def write(self, path: str, data: bytes, key: str = "") -> OutputFile:
        """Write a file with its cache key."""
        file = write_file(path, data, self.output.site_folder, self.output.known_digests)
        return file._replace(input_hash=key)

    def unchanged_files(self, paths: Iterable[str], key: str) -> list[OutputFile]:
        """Return the present files at some paths whose cache key is the same."""
        files = (self.reusable.get(path) for path in paths)
        return [file for file in files if key and file and file.input_hash == key]


def write_list_files(
    pages: Iterable[ListPage], entries: Sequence[UnitEntry], context: BuildContext, store: SiteStore
) -> Iterator[OutputFile]:
    """Write the pages above the units with their downloads, the rules, and the feeds."""
    yield from write_files(site_side_files(entries), store.output)
    yield from _write_feeds(entries, context, store)
    for page in pages:
        yield from _write_list(page, context, store)
    yield from _write_rules(context, store)


def write_assets(
    entries: Sequence[UnitEntry], context: BuildContext, store: SiteStore
) -> Iterator[OutputFile]:
    """Write the shared images and the files of the API."""
    for asset in site_assets(entries, context.forms, context.site, context.site_url):
        unchanged = store.unchanged_files([asset.path], asset.key)
        yield from unchanged or [store.write(asset.path, asset.render(), asset.key)]


def copy_theme_files(theme: ThemeOutput, folder: Path, store: SiteStore) -> Iterator[OutputFile]:
    """Take over hand-written pages and the theme's files from the folder where MkDocs wrote them."""
    for file in theme.files:
        if file.path in _MKDOCS_SITEMAPS:
            continue
        if store.output.known_digests.get(file.path) == file.digest:
            yield file
        else:
            yield store.write(file.path, (folder / file.path).read_bytes())


def write_robot_files(
    site_files: Sequence[OutputFile], results: Sequence[UnitResult], site_url: str, store: SiteStore
) -> Iterator[OutputFile]:
    """Write the sitemaps, and robots.txt unless the publisher has its own."""
    unit_hashes = (result.sitemap_hash for result in results)
    key = hash_texts([site_url, hash_sitemap_entries(site_files), *unit_hashes])
    if unchanged := [file for file in store.reusable.values() if file.input_hash == key]:
        yield from unchanged
    else:
        all_files = chain(site_files, *(result.output_files for result in results))
        for path, data in sitemaps(all_files, site_url):
            yield store.write(path, data, key)
    if all(file.path != _ROBOTS for file in site_files):
        yield store.write(_ROBOTS, _robots_txt(site_url))


def _write_feeds(
    entries: Sequence[UnitEntry], context: BuildContext, store: SiteStore
) -> Iterator[OutputFile]:
    """Write the site-level feeds whose cache key has changed; yield all of them."""
    for channel in iter_site_feeds(entries, context.site):
        paths = feed_paths(channel)
        unchanged = store.unchanged_files(paths, channel.key)
        if len(unchanged) == len(paths):
            yield from unchanged
        else:
            for path, data in render_feed_files(channel, context.publisher):
                yield store.write(path, data, channel.key)


def _write_list(page: ListPage, context: BuildContext, store: SiteStore) -> Iterator[OutputFile]:
    """Write a list page and its downloads, unless its cache key is unchanged; yield them."""
    folder = page.site_path.removesuffix("index.html")
    paths = (page.site_path, f"{folder}{CSV}", f"{folder}{EXCEL}")
    if unchanged := store.unchanged_files(paths, page.key):
        yield from unchanged
        return
    view = page.view()
    rendered = render_list_page(page, view)
    page_file = write_page(rendered, context.render_page(rendered), context.writer, store.output)
    side_files = list_side_files(view, context.site, context.site_url)
    for file in (page_file, *write_files(side_files, store.output)):
        yield file._replace(input_hash=page.key, may_list=page.type.is_indexed)


def _write_rules(context: BuildContext, store: SiteStore) -> Iterator[OutputFile]:
    """Write the handbook's pages on the rules, unless they may be kept; yield them."""
    if kept := [file for path, file in store.reusable.items() if path.startswith(RULES.url())]:
        yield from kept
        return
    for page in render_rule_pages():
        yield write_page(page, context.render_page(page), context.writer, store.output)


def _robots_txt(site_url: str) -> bytes:
    """Return a robots.txt that allows everything."""
    sitemap = f"Sitemap: {urljoin(site_url, 'sitemap.xml')}\n" if site_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()
