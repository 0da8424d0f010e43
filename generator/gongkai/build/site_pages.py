"""Site-level files: lists, registers, the handbook's rules, feeds, API and the output of MkDocs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from gongkai.build.list_pages import list_pages
from gongkai.build.shared_context import Frame
from gongkai.build.side_files import assets, beside_list, beside_lists
from gongkai.build.sitemap import sitemaps
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitResult, write_pages
from gongkai.build.workspace import Workspace
from gongkai.exports.feeds.channels import list_channels
from gongkai.exports.feeds.formats import feed_files, feed_names
from gongkai.exports.open_data.api_pages import Asset
from gongkai.history.past import Release
from gongkai.pages.archive.index import as_of_lists
from gongkai.pages.downloads import CSV, EXCEL
from gongkai.pages.entries import UnitEntry
from gongkai.pages.index import Listed
from gongkai.pages.render import HANDBOOK, list_page, rule_pages
from gongkai.pages.views.open_data import Whole
from gongkai.runtime.hashing import combined
from gongkai.runtime.writing import Written, listing, write

_MKDOCS_SITEMAPS = ("sitemap.xml", "sitemap.xml.gz")


class PreviousBuild(NamedTuple):
    """What the site-level files are compared with and made of besides the units."""

    digests: Mapping[str, str]
    """Content hashes of the present site's files by path."""
    reusable: Mapping[str, Written]
    """The present site-level files by path, if the inputs shared by all pages are unchanged.

    A file whose cache key is the same need not be rendered again.
    """
    releases: Sequence[Release] = ()
    """Earlier releases, from git."""
    bulk_download: Whole = Whole()
    """View of this build's bulk download."""


def write_site_files(
    context: Frame,
    theme: ThemeOutput,
    results: Sequence[UnitResult],
    workspace: Workspace,
    previous: PreviousBuild,
) -> Iterator[Written]:
    """Write new and changed site-level files; yield all site-level files."""
    out, digests = workspace.pending, previous.digests
    files: list[Written] = []
    entries = [result.entry for result in results if result.entry]
    files += [write(path, data, out, digests) for path, data in beside_lists(entries)]
    forms = [form for form in context.common.forms.values() if form]
    for asset in assets(entries, forms, context.site, context.site_url):
        files.append(_write_asset(asset, out, previous))
    files += _write_feeds(context, entries, out, previous)
    archived = [copy for result in results for copy in result.copies]
    pages = list_pages(entries, context.site, forms, previous.bulk_download)
    for page in (*pages, *as_of_lists(previous.releases, archived)):
        unchanged = list(_reusable_files(page, previous))
        files += unchanged or _with_key(
            page, _write_list(page, context, theme, workspace, previous)
        )
    if handbook := [file for path, file in previous.reusable.items() if path.startswith(HANDBOOK)]:
        files += handbook
    else:
        files += write_pages(context, list(rule_pages()), out, digests)
    for file in theme.files:
        if file.path not in _MKDOCS_SITEMAPS and digests.get(file.path) != file.digest:
            data = (workspace.mkdocs_output / file.path).read_bytes()
            files.append(write(file.path, data, out, digests))
        elif file.path not in _MKDOCS_SITEMAPS:
            files.append(file)
    yield from files
    sitemap_hashes = (result.sitemap_hash for result in results)
    key = combined([theme.site_url, listing(files), *sitemap_hashes])
    if unchanged := [file for file in previous.reusable.values() if file.key == key]:
        yield from unchanged
    else:
        all_files = chain(files, *(result.output_files for result in results))
        for name, data in sitemaps(all_files, theme.site_url):
            yield write(name, data, out, digests)._replace(key=key)
    yield write(*_robots_txt(theme.site_url), out, digests)


def _write_asset(asset: Asset, out: Path, previous: PreviousBuild) -> Written:
    """Return the file of an asset, rendered again if its cache key has changed."""
    cached = previous.reusable.get(asset.path)
    if cached and cached.key == asset.key:
        return cached
    return write(asset.path, asset.make(), out, previous.digests)._replace(key=asset.key)


def _reusable_files(page: Listed, previous: PreviousBuild) -> Iterator[Written]:
    """Yield the present files of a page and its downloads if its cache key is unchanged."""
    folder = page.site_path.removesuffix("index.html")
    for path in (page.site_path, f"{folder}{CSV}", f"{folder}{EXCEL}"):
        cached = previous.reusable.get(path)
        if cached and page.key and cached.key == page.key:
            yield cached


def _write_list(
    page: Listed,
    context: Frame,
    theme: ThemeOutput,
    workspace: Workspace,
    previous: PreviousBuild,
) -> Iterator[Written]:
    """Write a list page and its downloads."""
    view, out, digests = page.view(), workspace.pending, previous.digests
    yield from write_pages(context, [list_page(page, view)], out, digests)
    for path, data in beside_list(view, context.site, theme.site_url):
        yield write(path, data, out, digests)


def _write_feeds(
    context: Frame, entries: Sequence[UnitEntry], out: Path, previous: PreviousBuild
) -> Iterator[Written]:
    """Write the site-level feeds whose cache key has changed; yield all site-level feeds."""
    for channel in list_channels(entries, context.site):
        cached = [previous.reusable.get(name) for name in feed_names(channel)]
        unchanged = [file for file in cached if file and file.key == channel.key]
        if len(unchanged) == len(cached):
            yield from unchanged
            continue
        for path, data in feed_files(channel, context.publisher):
            yield write(path, data, out, previous.digests)._replace(key=channel.key)


def _with_key(page: Listed, files: Iterator[Written]) -> Iterator[Written]:
    """Attach the page's cache key to its files."""
    in_sitemap = page.kind.is_found
    return (file._replace(key=page.key, listed=in_sitemap) for file in files)


def _robots_txt(site_url: str) -> tuple[str, bytes]:
    """Return path and content of robots.txt, which allows everything."""
    sitemap = f"Sitemap: {urljoin(site_url, 'sitemap.xml')}\n" if site_url else ""
    return "robots.txt", f"User-agent: *\nAllow: /\n{sitemap}".encode()
