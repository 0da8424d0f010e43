"""Site-level files: lists, registers, the handbook's rules, feeds, API and the output of MkDocs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from gongkai.build.list_pages import list_pages
from gongkai.build.shared_context import BuildContext
from gongkai.build.side_files import list_side_files, site_assets, site_side_files
from gongkai.build.sitemap import sitemaps
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitResult, write_pages
from gongkai.build.workspace import Workspace
from gongkai.exports.feeds.channels import iter_site_feeds
from gongkai.exports.feeds.formats import feed_paths, render_feed_files
from gongkai.exports.open_data.api_pages import Asset
from gongkai.history.past import Release
from gongkai.pages.archive.index import archive_list_pages
from gongkai.pages.downloads import CSV, EXCEL
from gongkai.pages.entries import UnitEntry
from gongkai.pages.list_page import ListPage
from gongkai.pages.page_types import RULES
from gongkai.pages.render import render_list_page, render_rule_pages
from gongkai.pages.views.open_data import BulkDownload
from gongkai.runtime.hashing import hash_texts
from gongkai.runtime.writing import OutputFile, hash_sitemap_entries, write_file

_MKDOCS_SITEMAPS = ("sitemap.xml", "sitemap.xml.gz")


class PreviousBuild(NamedTuple):
    """What the site-level files are compared with and made of besides the units."""

    digests: Mapping[str, str]
    """Content hashes of the present site's files by path."""
    reusable: Mapping[str, OutputFile]
    """The present site-level files by path, if the inputs shared by all pages are unchanged.

    A file whose cache key is the same need not be rendered again.
    """
    releases: Sequence[Release] = ()
    """Earlier releases, from git."""
    bulk_download: BulkDownload = BulkDownload()
    """View of this build's bulk download."""


def write_site_files(
    context: BuildContext,
    theme: ThemeOutput,
    results: Sequence[UnitResult],
    workspace: Workspace,
    previous: PreviousBuild,
) -> Iterator[OutputFile]:
    """Write new and changed site-level files; yield all site-level files."""
    out, digests = workspace.pending, previous.digests
    files: list[OutputFile] = []
    entries = [result.entry for result in results if result.entry]
    files += [write_file(path, data, out, digests) for path, data in site_side_files(entries)]
    forms = [form for form in context.common.forms.values() if form]
    for asset in site_assets(entries, forms, context.site, context.site_url):
        files.append(_write_asset(asset, out, previous))
    files += _write_feeds(context, entries, out, previous)
    archived = [copy for result in results for copy in result.copies]
    pages = list_pages(entries, context.site, forms, previous.bulk_download)
    for page in (*pages, *archive_list_pages(previous.releases, archived)):
        unchanged = list(_reusable_files(page, previous))
        files += unchanged or _with_key(
            page, _write_list(page, context, theme, workspace, previous)
        )
    if handbook := [
        file for path, file in previous.reusable.items() if path.startswith(RULES.url())
    ]:
        files += handbook
    else:
        files += write_pages(context, list(render_rule_pages()), out, digests)
    for file in theme.files:
        if file.path not in _MKDOCS_SITEMAPS and digests.get(file.path) != file.digest:
            data = (workspace.mkdocs_output / file.path).read_bytes()
            files.append(write_file(file.path, data, out, digests))
        elif file.path not in _MKDOCS_SITEMAPS:
            files.append(file)
    yield from files
    sitemap_hashes = (result.sitemap_hash for result in results)
    key = hash_texts([theme.site_url, hash_sitemap_entries(files), *sitemap_hashes])
    if unchanged := [file for file in previous.reusable.values() if file.input_hash == key]:
        yield from unchanged
    else:
        all_files = chain(files, *(result.output_files for result in results))
        for name, data in sitemaps(all_files, theme.site_url):
            yield write_file(name, data, out, digests)._replace(input_hash=key)
    yield write_file(*_robots_txt(theme.site_url), out, digests)


def _write_asset(asset: Asset, out: Path, previous: PreviousBuild) -> OutputFile:
    """Return the file of an asset, rendered again if its cache key has changed."""
    cached = previous.reusable.get(asset.path)
    if cached and cached.input_hash == asset.key:
        return cached
    return write_file(asset.path, asset.render(), out, previous.digests)._replace(
        input_hash=asset.key
    )


def _reusable_files(page: ListPage, previous: PreviousBuild) -> Iterator[OutputFile]:
    """Yield the present files of a page and its downloads if its cache key is unchanged."""
    folder = page.site_path.removesuffix("index.html")
    for path in (page.site_path, f"{folder}{CSV}", f"{folder}{EXCEL}"):
        cached = previous.reusable.get(path)
        if cached and page.key and cached.input_hash == page.key:
            yield cached


def _write_list(
    page: ListPage,
    context: BuildContext,
    theme: ThemeOutput,
    workspace: Workspace,
    previous: PreviousBuild,
) -> Iterator[OutputFile]:
    """Write a list page and its downloads."""
    view, out, digests = page.view(), workspace.pending, previous.digests
    yield from write_pages(context, [render_list_page(page, view)], out, digests)
    for path, data in list_side_files(view, context.site, theme.site_url):
        yield write_file(path, data, out, digests)


def _write_feeds(
    context: BuildContext, entries: Sequence[UnitEntry], out: Path, previous: PreviousBuild
) -> Iterator[OutputFile]:
    """Write the site-level feeds whose cache key has changed; yield all site-level feeds."""
    for channel in iter_site_feeds(entries, context.site):
        cached = [previous.reusable.get(name) for name in feed_paths(channel)]
        unchanged = [file for file in cached if file and file.input_hash == channel.key]
        if len(unchanged) == len(cached):
            yield from unchanged
            continue
        for path, data in render_feed_files(channel, context.publisher):
            yield write_file(path, data, out, previous.digests)._replace(input_hash=channel.key)


def _with_key(page: ListPage, files: Iterator[OutputFile]) -> Iterator[OutputFile]:
    """Attach the page's cache key to its files."""
    return (file._replace(input_hash=page.key, may_list=page.type.is_indexed) for file in files)


def _robots_txt(site_url: str) -> tuple[str, bytes]:
    """Return path and content of robots.txt, which allows everything."""
    sitemap = f"Sitemap: {urljoin(site_url, 'sitemap.xml')}\n" if site_url else ""
    return "robots.txt", f"User-agent: *\nAllow: /\n{sitemap}".encode()
