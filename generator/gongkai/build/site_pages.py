"""All files of a site but those of the units: lists, the handbook's rules, what MkDocs made."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from gongkai.build.list_pages import list_pages
from gongkai.build.shared_context import Frame
from gongkai.build.side_files import assets, beside_list, beside_lists
from gongkai.build.sitemap import sitemaps
from gongkai.build.theme.theme_output import Skin
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

_OWN_SITEMAP = ("sitemap.xml", "sitemap.xml.gz")


class Before(NamedTuple):
    """What is there already: of the old site, and of this one."""

    known: Mapping[str, str]
    """The digests of its files."""
    like: Mapping[str, Written]
    """Its files but those of the units, where the same shapes every page: what is made of the same
    need not be made again."""
    releases: Sequence[Release] = ()
    """What was released before, as git tells."""
    whole: Whole = Whole()
    """The whole of the data."""


def all_else(
    frame: Frame,
    skin: Skin,
    results: Sequence[UnitResult],
    workspace: Workspace,
    before: Before,
) -> Iterator[Written]:
    """Write what is new or changed of them; all of them come out."""
    out, known = workspace.pending, before.known
    written: list[Written] = []
    entries = [each.entry for each in results if each.entry]
    written += [write(path, data, out, known) for path, data in beside_lists(entries)]
    forms = [each for each in frame.common.forms.values() if each]
    for made in assets(entries, forms, frame.site, frame.site_url):
        written.append(_made(made, out, before))
    written += _feeds(frame, entries, out, before)
    kept = [copy for each in results for copy in each.copies]
    pages = list_pages(entries, frame.site, forms, before.whole)
    for wanted in (*pages, *as_of_lists(before.releases, kept)):
        same = list(_same(wanted, before))
        written += same or _keyed(wanted, _list(wanted, frame, skin, workspace, before))
    if handbook := [each for path, each in before.like.items() if path.startswith(HANDBOOK)]:
        written += handbook
    else:
        written += write_pages(frame, list(rule_pages()), out, known)
    for each in skin.files:
        if each.path not in _OWN_SITEMAP and known.get(each.path) != each.digest:
            written.append(write(each.path, (workspace.frame / each.path).read_bytes(), out, known))
        elif each.path not in _OWN_SITEMAP:
            written.append(each)
    yield from written
    key = combined([skin.site_url, listing(written), *(each.listing for each in results)])
    if same := [each for each in before.like.values() if each.key == key]:
        yield from same
    else:
        every = chain(written, *(each.written for each in results))
        for name, data in sitemaps(every, skin.site_url):
            yield write(name, data, out, known)._replace(key=key)
    yield write(*_robots(skin.site_url), out, known)


def _made(asset: Asset, out: Path, before: Before) -> Written:
    """A file as it was, or made anew where it is made of something else."""
    there = before.like.get(asset.path)
    if there and there.key == asset.key:
        return there
    return write(asset.path, asset.make(), out, before.known)._replace(key=asset.key)


def _same(wanted: Listed, before: Before) -> Iterator[Written]:
    """A page and the files beside it, where they would become the same again."""
    folder = wanted.site_path.removesuffix("index.html")
    for path in (wanted.site_path, f"{folder}{CSV}", f"{folder}{EXCEL}"):
        there = before.like.get(path)
        if there and wanted.key and there.key == wanted.key:
            yield there


def _list(
    wanted: Listed, frame: Frame, skin: Skin, workspace: Workspace, before: Before
) -> Iterator[Written]:
    """A page above the units, and the files beside it."""
    view, out, known = wanted.view(), workspace.pending, before.known
    yield from write_pages(frame, [list_page(wanted, view)], out, known)
    for path, data in beside_list(view, frame.site, skin.site_url):
        yield write(path, data, out, known)


def _feeds(
    frame: Frame, entries: Sequence[UnitEntry], out: Path, before: Before
) -> Iterator[Written]:
    """The feeds above the units; only those are made again that tell of something else."""
    for channel in list_channels(entries, frame.site):
        there = [before.like.get(name) for name in feed_names(channel)]
        kept = [each for each in there if each and each.key == channel.key]
        if len(kept) == len(there):
            yield from kept
            continue
        for path, data in feed_files(channel, frame.publisher):
            yield write(path, data, out, before.known)._replace(key=channel.key)


def _keyed(wanted: Listed, made: Iterator[Written]) -> Iterator[Written]:
    """With the hash of what it was made of."""
    found = wanted.kind.is_found
    return (each._replace(key=wanted.key, listed=found) for each in made)


def _robots(site_url: str) -> tuple[str, bytes]:
    """robots.txt: everything may be read by everybody."""
    where = f"Sitemap: {urljoin(site_url, 'sitemap.xml')}\n" if site_url else ""
    return "robots.txt", f"User-agent: *\nAllow: /\n{where}".encode()
