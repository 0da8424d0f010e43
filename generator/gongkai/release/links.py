"""Links inside a built site: whether every page, file and anchor that they lead to is there."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from gongkai.runtime.workers import Workers

_SHARD = 400
"""How many pages are looked into at a time."""
_VALUE = r"""=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_LINK = re.compile(rf"\s(?:href|src){_VALUE}")
_ANCHOR = re.compile(rf"\s(?:id|name){_VALUE}")
_SCRIPT = re.compile(r"<(script|style)\b([^>]*)>.*?</\1>", re.DOTALL)


class Dead(NamedTuple):
    """A link that leads nowhere."""

    page: str
    link: str
    """As it is written."""


class _Wanted(NamedTuple):
    """A place that a page leads to: a file of the site, and an anchor in it or none."""

    file: str
    anchor: str
    page: str
    link: str


@dataclass(frozen=True, slots=True)
class _Shard:
    site: Path
    pages: tuple[str, ...]
    home: str
    """The site's address, ending with a slash; empty where it is not known."""

    @property
    def base(self) -> str:
        """The path of the site's address: / or /jixiao/."""
        return urlsplit(self.home).path or "/"


def dead_links(site: Path, files: Iterable[str], site_url: str, workers: Workers) -> Iterator[Dead]:
    """The links of a site's pages that lead nowhere; one page is named of those that share one.

    Addresses outside the site are not asked for.
    """
    there = frozenset(files)
    home = f"{site_url.rstrip('/')}/" if site_url else ""
    pages = sorted(path for path in there if path.endswith(".html"))
    wanted: dict[tuple[str, str], _Wanted] = {}
    for found in workers.results(_looked_into, _shards(site, pages, home)):
        for each in found:
            place = each.file, each.anchor
            wanted[place] = min(each, wanted.get(place, each))
    for each in wanted.values():
        if each.file not in there:
            yield Dead(each.page, each.link)
    asked: dict[str, dict[str, _Wanted]] = {}
    for (file, anchor), each in wanted.items():
        if anchor and file in there:
            asked.setdefault(file, {})[anchor] = each
    for file, anchors in asked.items():
        known = _anchors((site / file).read_text("utf-8", "replace"))
        yield from (Dead(e.page, e.link) for name, e in anchors.items() if name not in known)


def _shards(site: Path, pages: Sequence[str], home: str) -> list[_Shard]:
    starts = range(0, len(pages), _SHARD)
    return [_Shard(site, tuple(pages[start : start + _SHARD]), home) for start in starts]


def _looked_into(shard: _Shard) -> list[_Wanted]:
    """Where the pages lead to, without what each of them holds itself."""
    wanted: dict[tuple[str, str], _Wanted] = {}
    for page in shard.pages:
        text = (shard.site / page).read_text("utf-8", "replace")
        own: frozenset[str] | None = None
        for link in set(_links(text)):
            file, anchor = _target(page, link, shard)
            if not file or (file, anchor) in wanted:
                continue
            if file == page and anchor:
                own = _anchors(text) if own is None else own
                if anchor in own:
                    continue
            wanted[file, anchor] = _Wanted(file, anchor, page, link)
    return list(wanted.values())


def _links(text: str) -> Iterator[str]:
    for tag in _TAG.findall(_SCRIPT.sub(r"<\1\2>", text)):
        if "href" in tag or "src" in tag:
            yield from (unescape("".join(found)) for found in _LINK.findall(tag))


def _anchors(text: str) -> frozenset[str]:
    tags = _TAG.findall(text)
    return frozenset(unescape("".join(each)) for tag in tags for each in _ANCHOR.findall(tag))


def _target(page: str, link: str, shard: _Shard) -> tuple[str, str]:
    """The file that a link of a page leads to, and the anchor; no file where it leads outside."""
    base = shard.base
    if shard.home and f"{link}/".startswith(shard.home):
        link = base + link[len(shard.home) :]
    try:
        parts = urlsplit(link)
    except ValueError:
        return link, ""  # Not an address at all.
    if parts.scheme or parts.netloc:
        return "", ""
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    if not path:
        return page, anchor
    if path.startswith("/"):
        if not f"{path}/".startswith(base):
            return "", ""
        whole = path[len(base) :]
    else:
        whole = posixpath.join(posixpath.dirname(page), path)
    file = posixpath.normpath(whole or ".")
    if whole == "" or whole.rpartition("/")[2] in {"", ".", ".."}:
        file = "index.html" if file == "." else f"{file}/index.html"
    return file, anchor
