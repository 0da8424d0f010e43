"""Find dead links in a built site: pages, files and anchors that do not exist."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from gongkai.runtime.workers import Workers

_BATCH_SIZE = 400
"""Number of pages per task."""
_VALUE = r"""=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_LINK = re.compile(rf"\s(?:href|src){_VALUE}")
_ANCHOR = re.compile(rf"\s(?:id|name){_VALUE}")
_SCRIPT = re.compile(r"<(script|style)\b([^>]*)>.*?</\1>", re.DOTALL)


class DeadLink(NamedTuple):
    """A link whose target does not exist."""

    page: str
    link: str
    """The link as the page writes it."""


class _Target(NamedTuple):
    """The target of a link: a file of the site, and an anchor in it or none."""

    file: str
    anchor: str
    page: str
    link: str


@dataclass(frozen=True, slots=True)
class _Batch:
    site: Path
    pages: tuple[str, ...]
    site_url: str
    """The site's address, ending with a slash; empty if it is not known."""

    @property
    def base_path(self) -> str:
        """The path of the site's address: / or /jixiao/."""
        return urlsplit(self.site_url).path or "/"


def find_dead_links(
    site: Path, files: Iterable[str], site_url: str, workers: Workers
) -> Iterator[DeadLink]:
    """Yield the dead links of a site, one page per target.

    Links to other sites are not followed.
    """
    existing = frozenset(files)
    base_url = f"{site_url.rstrip('/')}/" if site_url else ""
    pages = sorted(path for path in existing if path.endswith(".html"))
    targets: dict[tuple[str, str], _Target] = {}
    for batch_targets in workers.map_unordered(_find_targets, _batches(site, pages, base_url)):
        for target in batch_targets:
            place = target.file, target.anchor
            targets[place] = min(target, targets.get(place, target))
    for target in targets.values():
        if target.file not in existing:
            yield DeadLink(target.page, target.link)
    anchors_by_file: dict[str, dict[str, _Target]] = {}
    for (file, anchor), target in targets.items():
        if anchor and file in existing:
            anchors_by_file.setdefault(file, {})[anchor] = target
    for file, anchors in anchors_by_file.items():
        defined = _anchors((site / file).read_text("utf-8", "replace"))
        yield from (
            DeadLink(target.page, target.link)
            for anchor, target in anchors.items()
            if anchor not in defined
        )


def _batches(site: Path, pages: Sequence[str], site_url: str) -> list[_Batch]:
    starts = range(0, len(pages), _BATCH_SIZE)
    return [_Batch(site, tuple(pages[start : start + _BATCH_SIZE]), site_url) for start in starts]


def _find_targets(batch: _Batch) -> list[_Target]:
    """Return the link targets of some pages, without existing anchors of the linking page itself."""
    targets: dict[tuple[str, str], _Target] = {}
    for page in batch.pages:
        text = (batch.site / page).read_text("utf-8", "replace")
        page_anchors: frozenset[str] | None = None
        for link in set(_links(text)):
            file, anchor = _resolve(page, link, batch)
            if not file or (file, anchor) in targets:
                continue
            if file == page and anchor:
                page_anchors = _anchors(text) if page_anchors is None else page_anchors
                if anchor in page_anchors:
                    continue
            targets[file, anchor] = _Target(file, anchor, page, link)
    return list(targets.values())


def _links(text: str) -> Iterator[str]:
    for tag in _TAG.findall(_SCRIPT.sub(r"<\1\2>", text)):
        if "href" in tag or "src" in tag:
            yield from (unescape("".join(groups)) for groups in _LINK.findall(tag))


def _anchors(text: str) -> frozenset[str]:
    tags = _TAG.findall(text)
    return frozenset(unescape("".join(groups)) for tag in tags for groups in _ANCHOR.findall(tag))


def _resolve(page: str, link: str, batch: _Batch) -> tuple[str, str]:
    """Return the file and the anchor that a link leads to; no file if it leaves the site."""
    base_path = batch.base_path
    if batch.site_url and f"{link}/".startswith(batch.site_url):
        link = base_path + link[len(batch.site_url) :]
    try:
        parts = urlsplit(link)
    except ValueError:
        return link, ""  # Not a URL at all.
    if parts.scheme or parts.netloc:
        return "", ""
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    if not path:
        return page, anchor
    if path.startswith("/"):
        if not f"{path}/".startswith(base_path):
            return "", ""
        site_path = path[len(base_path) :]
    else:
        site_path = posixpath.join(posixpath.dirname(page), path)
    file = posixpath.normpath(site_path or ".")
    if site_path == "" or site_path.rpartition("/")[2] in {"", ".", ".."}:
        file = "index.html" if file == "." else f"{file}/index.html"
    return file, anchor
