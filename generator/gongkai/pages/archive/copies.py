"""The kept versions of a unit's pages, each with a word that it is not what holds now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from markupsafe import Markup

from gongkai.checks.registry import judged_units
from gongkai.history.lineage import UnitPast, Version
from gongkai.history.versions import Library, read_whole
from gongkai.model.personal_data import GRAVE, personal
from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.archive.addresses import AS_OF, Ways, address, release_url
from gongkai.pages.archive.validity import Run, Standing, kept, runs, standing_at
from gongkai.pages.links import HOME
from gongkai.pages.render import Page, old_pages
from gongkai.pages.views.common import Head, Link
from gongkai.runtime.urls import relative_url

_KINDS = {
    PageKind.DISCLOSURE: PageKind.OLD_DISCLOSURE,
    PageKind.REPORT: PageKind.OLD_REPORT,
    PageKind.PROJECT: PageKind.OLD_PROJECT,
}
_BANNER = Markup("""<div class="gk-old" role="note">
<p><strong>这是 {day} 公开的版本，现已被取代</strong>（{until}）。<a href="{now}">{word}</a></p>{seal}
</div>""")
_SEAL = Markup(
    '\n<p class="gk-seal">当时的全站清单 SHA256SUMS（发布 {release}）的 SHA-256：<code class="gk-hash">{seal}</code></p>'
)
_NOTICE = Markup("\n\n<p>{text}</p>")
_UNREADABLE = "这个版本的数据文件用现在的程序读不出来，所以不再显示；原件在数据的 git 仓库里。"
_PRIVATE = "这个版本含有现在查得出的个人信息，不再公开。"


_EARLIER = Markup('<p class="gk-more">当时的版本：{links} · <a href="{all}">各次发布</a></p>')
_ONE = Markup('<a href="{way}">{day}</a>')


class Copy(NamedTuple):
    """What the list of a release says of a kept page."""

    release: str
    page: Link
    until: str
    """The day on which it was replaced."""
    by: str
    """The release that replaced it; empty where it is not released yet."""
    inner: str
    """The page's address from the unit's."""


@dataclass(frozen=True, slots=True)
class Old:
    """What is needed to show what stood."""

    past: UnitPast
    library: Library
    site: Site
    seals: Mapping[str, str]
    """The hashes of releases' manifests, by the releases' names."""
    ways: Ways
    withdrawn: Mapping[int, str] = field(default_factory=dict)
    """Why a year's disclosure was taken back."""


def copies(old: Old) -> Iterator[tuple[Copy, Page]]:
    """The kept versions of all pages of a unit."""
    for year, versions in old.past.items():
        if len(versions) > 1:
            found = runs(year, [_standing(each, year, old) for each in versions])
            for run in kept(found):
                page = _page(run, year, standing_at(found, run.first), old)
                yield _told(run, page), page


def with_copies(pages: Iterable[Page], found: Sequence[Copy], slug: str) -> Iterator[Page]:
    """A unit's present pages, each with links to its kept versions."""
    for page in pages:
        here = page.head.url
        its = [each for each in found if f"units/{slug}/{each.inner}" == here]
        links = Markup("、").join(
            _ONE.format(way=relative_url(each.page.url, here), day=each.release) for each in its
        )
        told = _EARLIER.format(links=links, all=relative_url(AS_OF.url, here))
        yield replace(page, body=f"{page.body}\n\n{told}") if its else page


def _told(run: Run, page: Page) -> Copy:
    link = Link(page.head.title, page.head.url)
    by = run.by.release if run.by else ""
    return Copy(run.version.release, link, run.until, by, run.inner)


def _standing(version: Version, year: int, old: Old) -> Standing:
    if not version.there:
        return Standing(version, {})
    dataset = read_whole(version, year, old.library)
    if dataset is None:
        return Standing(version, None)
    (disclosure,) = dataset.disclosures
    found = judged_units(dataset).by_disclosure[disclosure.file]
    pages = old_pages(disclosure, found, old.site)
    prefix = f"units/{version.slug}/"
    return Standing(version, {page.head.url.removeprefix(prefix): page for page in pages})


def _page(run: Run, year: int, there: Mapping[str, Run], old: Old) -> Page:
    release, day = run.version.release, run.version.day
    unit = run.page.head.unit if run.page else ""
    title, kind = f"{unit}{year}年度绩效自评", PageKind.DISCLOSURE
    body: str = _NOTICE.format(text=_UNREADABLE)
    if year in old.withdrawn:
        body = _NOTICE.format(text=f"这一年度的公开件已经撤回：{old.withdrawn[year]}")
    elif run.page:
        title, kind = run.page.head.title, run.page.kind
        body = f"\n\n{old.ways.rebased(run.page.body, run, there)}"
        if _is_private(title, body):
            title, body = f"{unit}{year}年度绩效自评", _NOTICE.format(text=_PRIVATE)
    url = address(run)
    head = Head(
        title=f"{title}（{day} 的版本）",
        url=url,
        description=f"{title}：{day} 公开的版本，现已被取代",
        crumbs=(HOME, AS_OF, Link(release, release_url(release))),
        unit=unit,
        year=year,
        citation=_citation(run.page, day),
    )
    return Page(_KINDS[kind], f"{url}index.md", head, f"{_banner(run, url, old)}{body}")


def _is_private(*texts: str) -> bool:
    return any(found.kind in GRAVE for text in texts for found in personal(text))


def _citation(page: Page | None, day: str) -> str:
    told = page.head.citation.partition("[EB/OL].")[0] if page else ""
    return f"{told}[EB/OL]. ({day})" if told else ""


def _banner(run: Run, url: str, old: Old) -> Markup:
    now = old.ways.present(run.inner)
    same = now == f"units/{old.ways.slug}/{run.inner}"
    seal = old.seals.get(run.version.release, "")
    return _BANNER.format(
        day=run.version.day,
        until=f"{run.until} 起不同" if same else f"{run.until} 起没有这个网页",
        now=relative_url(now, url),
        word="看现在的网页" if same else "看现在还有的",
        seal=_SEAL.format(release=run.version.release, seal=seal) if seal else "",
    )
