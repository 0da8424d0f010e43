"""Search data of site-level pages: lists, registers, hand-written pages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.state import BuildState, CachedPages
from gongkai.build.unit import write_search_texts
from gongkai.build.workspace import Workspace
from gongkai.pages.page_types import Category, page_type_at
from gongkai.runtime.hashing import hash_texts, program_hash
from gongkai.runtime.writing import BuildOutput, OutputFile
from gongkai.search.documents import IndexLocation, SourcePage, UnitNames
from gongkai.search.facets import PageFacts

_GUIDE = "site.guide"
_NOT_FOUND = "404.html"
_YEAR = re.compile(r"\b(\d{4})/")


@dataclass(frozen=True, slots=True)
class _Group:
    """Pages that share one entry in the search index."""

    category: Category
    pages: tuple[OutputFile, ...]

    @property
    def digest(self) -> str:
        """Hash of the pages' contents and of the program that indexes them."""
        parts = (part for page in self.pages for part in (page.path, page.digest))
        return hash_texts([program_hash(), *parts])


def index_location(
    workspace: Workspace, previous: BuildState | None, known: Mapping[str, str]
) -> IndexLocation:
    """Return the folders of the search index with its previous inputs and files."""
    old_files = {file.path: file for file in previous.site_level.index_files} if previous else {}
    old_inputs = previous.search_inputs() if previous else {}
    return IndexLocation(workspace.index, workspace.pending, known, old_inputs, old_files)


def index_site_pages(
    site_files: Iterable[OutputFile],
    theme_paths: frozenset[str],
    workspace: Workspace,
    previous: BuildState | None,
) -> dict[str, CachedPages]:
    """Return the search data of site-level pages by group; unchanged groups come from the cache.

    `theme_paths` are the paths of the files that MkDocs has made.
    """
    old_groups = previous.site_level.page_groups if previous else {}
    old_files = (file for cached in old_groups.values() for file in cached.text_files)
    known = {file.path: file.digest for file in old_files}
    output = BuildOutput(workspace.pending, known, workspace.index)
    page_groups: dict[str, CachedPages] = {}
    for name, group in _page_groups(site_files, theme_paths).items():
        cached = old_groups.get(name)
        if cached and cached.digest == group.digest:
            page_groups[name] = cached
        else:
            sources = _search_sources(group, workspace)
            entry, text_files = write_search_texts(name, sources, UnitNames("本站"), output)
            page_groups[name] = CachedPages(group.digest, entry, tuple(text_files))
    return page_groups


def _page_groups(
    site_files: Iterable[OutputFile], theme_paths: frozenset[str]
) -> Mapping[str, _Group]:
    """Group the searchable pages: most by themselves, hand-written and similar ones together."""
    guide: list[OutputFile] = []
    groups: dict[str, _Group] = {}
    for page in sorted(
        (file for file in site_files if file.is_page and file.may_list), key=_newest_first
    ):
        url = page.path.removesuffix("index.html")
        if page.path in theme_paths:
            guide += [page] if page.path != _NOT_FOUND else []
            continue
        page_type = page_type_at(url)
        if page_type.shares_search_entry:
            guide.append(page)
        elif page_type.category:
            groups[f"site.{_short_name(url)}"] = _Group(page_type.category, (page,))
    return {_GUIDE: _Group(Category.GUIDE, tuple(guide)), **groups}


def _newest_first(page: OutputFile) -> tuple[str, str]:
    """Return a sort key: by path, of pages that differ by year the newest first."""
    return _YEAR.sub(lambda match: f"{9999 - int(match[1])}/", page.path), page.path


def _short_name(url: str) -> str:
    """Return the short name of a page: home, units, years-2022."""
    return url.strip("/").replace("/", "-") or "home"


def _search_sources(group: _Group, workspace: Workspace) -> Iterator[SourcePage]:
    for page in group.pages:
        html = _current_path(page.path, workspace).read_text("utf-8")
        yield SourcePage(page.path.removesuffix("index.html"), html, PageFacts(group.category))


def _current_path(path: str, workspace: Workspace) -> Path:
    """Return where a file lies: in the staging folder if it is new or changed, else in the site."""
    pending = workspace.pending / path
    return pending if pending.is_file() else workspace.site / path
