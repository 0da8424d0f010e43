"""The unit of work: some units' files become their pages. Nothing else is read, nothing remembered.

It may run in any process, or on another machine that sees the same folders; to run it twice does no
harm.
"""

import hashlib
import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from generator.checks.catalogue import judged_units
from generator.dataset import Common, read_units
from generator.entries import UnitEntry, unit_entry
from generator.figures_json import figures_json, unit_figures
from generator.marks import Mark, marks_of
from generator.memory import uncollected
from generator.office.offering import offered
from generator.pages import Page, unit_pages
from generator.publication import Site
from generator.redirects import redirect_html
from generator.searching import search_texts
from generator.shells import Shell
from generator.tags import head_html
from generator.tally import Tally
from generator.terms import PageKind
from generator.ways import relative_url


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of all units share."""

    common: Common
    shells: Mapping[PageKind, Shell]
    data: str
    """The way from the hand-written pages to the data folder, for edit links."""
    site_url: str
    searched: bool
    """Whether the texts of the pages are asked for, for the theme's search."""

    @property
    def site(self) -> Site:
        """Who publishes; without it nothing is built."""
        if self.common.site is None:
            raise ValueError("there is no site.yml")
        return self.common.site

    def html(self, page: Page) -> str:
        """The whole HTML of a page."""
        file = page.source.removeprefix(f"{self.common.shown}/")
        source = f"{self.data}/{file}" if page.source else ""
        tags = head_html(page.kind, page.head, self.site, self.site_url)
        return self.shells[page.kind].filled(page, source, tags)


class Written(NamedTuple):
    """One file of the site."""

    path: str
    """From the site's root, for instance units/xintian-jsx/index.html."""
    digest: str
    """SHA-256 of its bytes."""
    size: int
    updated: str = ""
    """The day that the sitemap gives."""
    key: str = ""
    """The hash of what it was made of, where that is known (see list_pages)."""
    listed: bool = True
    """Whether the sitemap lists it, if it is a page."""

    @property
    def is_page(self) -> bool:
        """Whether people look at it in a browser."""
        return self.path.endswith(".html")


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What has become of a unit, as far as others need to know."""

    name: str
    """Its folder."""
    entry: UnitEntry | None
    marks: tuple[Mark, ...]
    """Without those of long texts, which keep no site from being published."""
    tally: Tally
    written: tuple[Written, ...]
    """Its pages; none where anything keeps them from being published."""
    files: int
    """How many data files were read."""
    texts: bytes = b""
    """What the theme's search is to find in them (see searching)."""


@dataclass(frozen=True, slots=True)
class Order:
    """Some units to be done."""

    frame: Path
    """Where the frame lies, pickled."""
    frame_digest: str
    units: tuple[str, ...]
    out: Path
    """Where pages are written."""
    known: Mapping[str, str]
    """The digests of pages that the site has already: they are not written again."""


def done(order: Order) -> list[UnitResult]:
    """Read, judge and render units, one after another."""
    frame = read_frame(order.frame, order.frame_digest)
    with uncollected():
        return [_unit(frame, name, order) for name in order.units]


def _unit(frame: Frame, name: str, order: Order) -> UnitResult:
    dataset = read_units(frame.common, [name])
    judgement = judged_units(dataset)
    entry, pages = None, list[Page]()
    if dataset.units and frame.common.site and not judgement.blocks:
        unit, found = dataset.units[0], judgement.by_disclosure
        entry = unit_entry(unit, dataset.disclosures, found)
        pages = list(unit_pages(unit, entry, dataset.disclosures, found, frame.common.site))
    moved = dataset.units[0].facts.former_slugs if pages else ()
    written = [*write_pages(frame, pages, order.out, order.known)]
    written += write_redirects(frame, name, moved, pages, order)
    if pages:
        figures = figures_json(unit_figures(dataset.units[0], dataset.disclosures)).encode()
        written.append(write(f"units/{name}/figures.json", figures, order.out, order.known))
    if pages and frame.common.site:
        files = (offered(each, frame.common.site) for each in dataset.disclosures)
        pairs = (pair for each in files for pair in each)
        written += [write(path, data, order.out, order.known) for path, data in pairs]
    return UnitResult(
        name=name,
        entry=entry,
        marks=tuple(marks_of(dataset, texts=False)),
        tally=Tally.of(judgement.problems),
        written=tuple(written),
        files=len(dataset.sources),
        texts=search_texts(pages) if frame.searched else b"",
    )


def write_pages(
    frame: Frame, pages: Sequence[Page], out: Path, known: Mapping[str, str]
) -> Iterator[Written]:
    """Write pages, but for those that are known to be there already."""
    for page in pages:
        path = f"{page.head.url}index.html"
        yield write(path, frame.html(page).encode(), out, known, page.head.updated)


def write_redirects(
    frame: Frame, name: str, former: Sequence[str], pages: Sequence[Page], order: Order
) -> Iterator[Written]:
    """At each former address of a unit's pages, a page that leads to the present one."""
    now = f"units/{name}/"
    for slug in former:
        for page in pages:
            url = f"units/{slug}/{page.head.url.removeprefix(now)}"
            way = relative_url(page.head.url, url)
            text = redirect_html(page.head.title, way, urljoin(frame.site_url, page.head.url))
            made = write(f"{url}index.html", text.encode(), order.out, order.known)
            yield made._replace(listed=False)


def write(
    path: str, data: bytes, out: Path, known: Mapping[str, str], updated: str = ""
) -> Written:
    """Write a file, whole or not at all; nothing where the site has it already.

    It is made in the folder parts/ beside `out`, so that a worker that is killed leaves no half file.
    """
    digest = hashlib.sha256(data).hexdigest()
    if known.get(path) != digest:
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = out.with_name("parts") / os.urandom(8).hex()
        part.write_bytes(data)
        part.replace(target)
    return Written(path, digest, len(data), updated)


def write_frame(frame: Frame, path: Path) -> str:
    """Keep a frame for the workers; its digest."""
    data = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=1)
def read_frame(path: Path, digest: str) -> Frame:
    """The frame at a path; `digest` tells a new one from the one that is known."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("the frame has changed under way")
    frame: Frame = pickle.loads(data)  # noqa: S301 - our own, its digest is that of the order
    return frame
