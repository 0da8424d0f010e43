"""Archived versions of a unit's pages, with a banner that links to the current page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from markupsafe import Markup

from gongkai.checks.registry import check_units
from gongkai.history.lineage import DisclosureVersion, UnitVersions
from gongkai.history.versions import VersionLibrary, read_version_dataset
from gongkai.model.personal_data import find_unpublishable_data
from gongkai.model.publication import Site
from gongkai.pages.archive.addresses import ARCHIVE, LinkRewriter, archived_url, release_url
from gongkai.pages.archive.validity import (
    ValidityPeriod,
    VersionPages,
    archived_periods,
    periods_at,
    validity_periods,
)
from gongkai.pages.links import HOME
from gongkai.pages.page_types import page_type_at
from gongkai.pages.render import Page, render_archived_disclosure
from gongkai.pages.views.common import Link, PageHead
from gongkai.runtime.urls import relative_url

_BANNER = Markup("""<div class="gk-old" role="note">
<p><strong>这是 {day} 公开的版本，现已被取代</strong>（{reason}）。<a href="{current_url}">{link_text}</a></p>{manifest_hash}
</div>""")
_MANIFEST_HASH = Markup(
    '\n<p class="gk-seal">当时的全站清单 SHA256SUMS（发布 {release}）的 SHA-256：<code class="gk-hash">{manifest_hash}</code></p>'
)
_PARAGRAPH = Markup("\n\n<p>{text}</p>")
_UNREADABLE = "这个版本的数据文件用现在的程序读不出来，所以不再显示；原件在数据的 git 仓库里。"
_PERSONAL_DATA_FOUND = "这个版本含有现在查得出的个人信息，不再公开。"
_EARLIER_VERSIONS = Markup(
    '<p class="gk-more">当时的版本：{links} · <a href="{releases_url}">各次发布</a></p>'
)
_VERSION_LINK = Markup('<a href="{url}">{day}</a>')


class ArchivedPage(NamedTuple):
    """An archived page as its release's list page shows it."""

    release: str
    page: Link
    replaced_on: str
    """The day on which the page was replaced."""
    replaced_by: str
    """The release that replaced the page; empty if that change is not released yet."""
    path_in_unit: str
    """The page's path below the unit's folder."""


@dataclass(frozen=True, slots=True)
class ArchiveContext:
    """Everything that is needed to render a unit's archived pages."""

    past: UnitVersions
    library: VersionLibrary
    site: Site
    manifest_hashes: Mapping[str, str]
    """SHA-256 of the releases' manifests, by release name."""
    links: LinkRewriter
    withdrawal_reasons: Mapping[int, str] = field(default_factory=dict)
    """Why a year's disclosure was withdrawn, by year."""


def render_archived_pages(context: ArchiveContext) -> Iterator[tuple[ArchivedPage, Page]]:
    """Yield every archived page of a unit with its entry for the list pages."""
    for year, versions in context.past.items():
        if len(versions) > 1:
            periods = validity_periods(
                year, [_version_pages(version, year, context) for version in versions]
            )
            for period in archived_periods(periods):
                page = _archived_page(
                    period, year, periods_at(periods, period.first_number), context
                )
                yield _list_entry(period, page), page


def add_archive_links(
    pages: Iterable[Page], archived_pages: Sequence[ArchivedPage], slug: str
) -> Iterator[Page]:
    """Yield a unit's current pages with links to their archived versions appended."""
    for page in pages:
        url = page.head.url
        versions = [
            version for version in archived_pages if f"units/{slug}/{version.path_in_unit}" == url
        ]
        links = Markup("、").join(
            _VERSION_LINK.format(url=relative_url(version.page.url, url), day=version.release)
            for version in versions
        )
        notice = _EARLIER_VERSIONS.format(links=links, releases_url=relative_url(ARCHIVE.url, url))
        yield replace(page, body=f"{page.body}\n\n{notice}") if versions else page


def _list_entry(period: ValidityPeriod, page: Page) -> ArchivedPage:
    link = Link(page.head.title, page.head.url)
    replaced_by = period.replaced_by.release if period.replaced_by else ""
    return ArchivedPage(
        period.version.release, link, period.replaced_on, replaced_by, period.path_in_unit
    )


def _version_pages(version: DisclosureVersion, year: int, context: ArchiveContext) -> VersionPages:
    if not version.is_public:
        return VersionPages(version, {})
    dataset = read_version_dataset(version, year, context.library)
    if dataset is None:
        return VersionPages(version, None)
    (disclosure,) = dataset.disclosures
    problems = check_units(dataset).by_disclosure[disclosure.file]
    pages = render_archived_disclosure(disclosure, problems, context.site)
    prefix = f"units/{version.slug}/"
    return VersionPages(version, {page.head.url.removeprefix(prefix): page for page in pages})


def _archived_page(
    period: ValidityPeriod,
    year: int,
    periods: Mapping[str, ValidityPeriod],
    context: ArchiveContext,
) -> Page:
    """Return the archived page; withdrawn, unreadable and private texts become a notice."""
    release, day = period.version.release, period.version.day
    unit = period.page.head.unit if period.page else ""
    title = f"{unit}{year}年度绩效自评"
    body: str = _PARAGRAPH.format(text=_UNREADABLE)
    if year in context.withdrawal_reasons:
        reason = context.withdrawal_reasons[year]
        body = _PARAGRAPH.format(text=f"这一年度的公开件已经撤回：{reason}")
    elif period.page:
        title = period.page.head.title
        body = f"\n\n{context.links.rewrite_links(period.page.body, period, periods)}"
        if _has_personal_data(title, body):
            title, body = f"{unit}{year}年度绩效自评", _PARAGRAPH.format(text=_PERSONAL_DATA_FOUND)
    url = archived_url(period)
    head = PageHead(
        title=f"{title}（{day} 的版本）",
        url=url,
        description=f"{title}：{day} 公开的版本，现已被取代",
        breadcrumbs=(HOME, ARCHIVE, Link(release, release_url(release))),
        unit=unit,
        year=year,
        citation=_citation(period.page, day),
    )
    return Page(page_type_at(url), head, f"{_banner(period, url, context)}{body}")


def _has_personal_data(*texts: str) -> bool:
    return any(True for text in texts for _ in find_unpublishable_data(text))


def _citation(page: Page | None, day: str) -> str:
    """Return the page's citation (GB/T 7714), dated to the day of its release."""
    source = page.head.citation.partition("[EB/OL].")[0] if page else ""
    return f"{source}[EB/OL]. ({day})" if source else ""


def _banner(period: ValidityPeriod, url: str, context: ArchiveContext) -> Markup:
    current_url = context.links.current_url(period.path_in_unit)
    is_same_page = current_url == f"units/{context.links.slug}/{period.path_in_unit}"
    day, release = period.replaced_on, period.version.release
    manifest_hash = context.manifest_hashes.get(release, "")
    hash_line = _MANIFEST_HASH.format(release=release, manifest_hash=manifest_hash)
    return _BANNER.format(
        day=period.version.day,
        reason=f"{day} 起不同" if is_same_page else f"{day} 起没有这个网页",
        current_url=relative_url(current_url, url),
        link_text="看现在的网页" if is_same_page else "看现在还有的",
        manifest_hash=hash_line if manifest_hash else "",
    )
