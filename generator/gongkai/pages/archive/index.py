"""List pages of the archive: all releases, and the replaced pages of every release."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from gongkai.history.past import Release
from gongkai.pages.archive.addresses import ARCHIVE, release_url
from gongkai.pages.archive.copies import ArchivedPage
from gongkai.pages.links import HOME
from gongkai.pages.list_page import ListPage
from gongkai.pages.page_types import RELEASE, RELEASES
from gongkai.pages.pagination import MAX_ROWS
from gongkai.pages.views.common import Link, PageHead
from gongkai.pages.views.registers import ArchivedPageLine, ReleaseLine, ReleasesView, ReleaseView


def archive_list_pages(
    releases: Sequence[Release], archived_pages: Sequence[ArchivedPage]
) -> Iterator[ListPage]:
    """Yield the list pages of the archive; `releases` are ordered oldest first."""
    if not releases:
        return
    archived_counts = Counter(page.release for page in archived_pages)
    replaced_counts = Counter(page.replaced_by for page in archived_pages)
    lines = [
        ReleaseLine(
            _release_link(release),
            release.day,
            release.manifest_hash,
            archived_counts[release.name],
            replaced_counts[release.name],
        )
        for release in reversed(releases)
    ]
    view = partial(_releases_view, tuple(lines))
    yield ListPage(RELEASES, ARCHIVE.url, view, _content_hash(lines))
    by_release: dict[str, list[ArchivedPage]] = {}
    for page in archived_pages:
        by_release.setdefault(page.release, []).append(page)
    for release in releases:
        pages = by_release.get(release.name, [])
        yield ListPage(
            RELEASE,
            release_url(release.name),
            partial(_release_view, release, pages),
            _content_hash((release, pages)),
        )


def _releases_view(lines: tuple[ReleaseLine, ...]) -> ReleasesView:
    summary = (
        f"本站发布过 {len(lines)} 次。后来改动过的网页，当时的版本保留在这里；没有改动的不另存。",
        "保留的版本由 git 里当时的数据用现在的程序重新生成，不参加搜索。",
    )
    head = PageHead(ARCHIVE.title, ARCHIVE.url, "各次发布，以及后来被取代的网页当时的版本", (HOME,))
    return ReleasesView(head, summary, lines)


def _release_view(release: Release, pages: Sequence[ArchivedPage]) -> ReleaseView:
    link = _release_link(release)
    summary = f"{release.day} 发布；其中首次出现的网页都没有被取代。"
    if pages:
        summary = f"{release.day} 发布。其中 {len(pages)} 个网页后来被取代，当时的版本如下。"
    head = PageHead(
        f"发布 {link.title}", link.url, f"发布 {link.title} 中被取代的网页", (HOME, ARCHIVE)
    )
    lines = tuple(ArchivedPageLine(page.page, page.replaced_on) for page in pages[:MAX_ROWS])
    return ReleaseView(head, (summary,), release.manifest_hash, lines, len(pages) - len(lines))


def _release_link(release: Release) -> Link:
    return Link(release.name, release_url(release.name))


def _content_hash(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()
