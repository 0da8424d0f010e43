"""The lists of releases, and of what each of them showed that holds no more."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from gongkai.history.past import Release
from gongkai.model.terms import PageKind
from gongkai.pages.archive.addresses import AS_OF, release_url
from gongkai.pages.archive.copies import Copy
from gongkai.pages.index import Listed
from gongkai.pages.links import HOME
from gongkai.pages.pagination import LONGEST
from gongkai.pages.views.common import Head, Link
from gongkai.pages.views.registers import AsOfReleaseView, AsOfView, CopyLine, ReleaseLine


def as_of_lists(releases: Sequence[Release], copies: Sequence[Copy]) -> Iterator[Listed]:
    """The pages above the copies; `releases` are the oldest first."""
    if not releases:
        return
    kept = Counter(each.release for each in copies)
    replaced = Counter(each.by for each in copies)
    lines = [
        ReleaseLine(_link(each), each.day, each.seal, kept[each.name], replaced[each.name])
        for each in reversed(releases)
    ]
    view = partial(_as_of, tuple(lines))
    yield Listed(PageKind.AS_OF, f"{AS_OF.url}index.md", view, _key(lines))
    of_release: dict[str, list[Copy]] = {}
    for copy in copies:
        of_release.setdefault(copy.release, []).append(copy)
    for each in releases:
        its = of_release.get(each.name, [])
        path = f"{release_url(each.name)}index.md"
        yield Listed(PageKind.AS_OF_RELEASE, path, partial(_release, each, its), _key((each, its)))


def _as_of(lines: tuple[ReleaseLine, ...]) -> AsOfView:
    told = (
        f"本站发布过 {len(lines)} 次。后来改动过的网页，当时的版本保留在这里；没有改动的不另存。",
        "保留的版本由 git 里当时的数据用现在的程序重新生成，不参加搜索。",
    )
    head = Head(AS_OF.title, AS_OF.url, "各次发布，以及后来被取代的网页当时的版本", (HOME,))
    return AsOfView(head, told, lines)


def _release(release: Release, its: Sequence[Copy]) -> AsOfReleaseView:
    link = _link(release)
    told = f"{release.day} 发布。其中 {len(its)} 个网页后来被取代，当时的版本如下。"
    none = f"{release.day} 发布；其中首次出现的网页都没有被取代。"
    head = Head(f"发布 {link.title}", link.url, f"发布 {link.title} 中被取代的网页", (HOME, AS_OF))
    lines = tuple(CopyLine(each.page, each.until) for each in its[:LONGEST])
    return AsOfReleaseView(
        head, (told if its else none,), release.seal, lines, len(its) - len(lines)
    )


def _link(release: Release) -> Link:
    return Link(release.name, release_url(release.name))


def _key(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()
