"""Search data of site-level pages: lists, registers, hand-written pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.state import BuildState, CachedPages
from gongkai.build.unit import write_search_texts
from gongkai.build.workspace import Workspace
from gongkai.exports.open_data.data_page import DATA_LINK
from gongkai.exports.open_data.dictionary_page import DICTIONARY_LINK
from gongkai.pages.registers import SEARCH
from gongkai.pages.render import RULES_URL
from gongkai.runtime.hashing import hash_texts, program_hash
from gongkai.runtime.writing import OutputFile, UnitOutput
from gongkai.search.documents import SourcePage, UnitNames
from gongkai.search.facets import PageFacts
from gongkai.search.index import IndexLocation

LISTS, GUIDE = "各类列表", "指南与说明"
"""类别 of site-level pages in the search."""
_GUIDE = "site.guide"
_EXCLUDED = frozenset({f"{SEARCH.url}index.html", "404.html"})
"""Pages that are not searchable."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Pages that share one entry in the search index."""

    category: str
    """类别 of the pages."""
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
    old_files = {file.path: file for file in previous.index_files} if previous else {}
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
    cached_groups, part_names = previous.page_groups if previous else {}, workspace.part_names()
    known = {
        file.path: file.digest for cached in cached_groups.values() for file in cached.text_files
    }
    store = UnitOutput(workspace.pending, known, workspace.index)
    page_groups: dict[str, CachedPages] = {}
    for name, group in _page_groups(site_files, theme_paths).items():
        cached = cached_groups.get(name)
        if (
            cached
            and cached.digest == group.digest
            and cached.search_entry.posting_file in part_names
        ):
            page_groups[name] = cached
        else:
            sources = _search_sources(group, workspace)
            entry, text_files = write_search_texts(name, sources, UnitNames("本站"), store)
            page_groups[name] = CachedPages(group.digest, entry, tuple(text_files))
    return page_groups


def _page_groups(
    site_files: Iterable[OutputFile], theme_paths: frozenset[str]
) -> Mapping[str, _Group]:
    """Group the searchable pages: every list by itself, all others together."""
    pages = sorted(file for file in site_files if file.is_page and file.may_list)
    pages = [page for page in pages if page.path not in _EXCLUDED]
    guide_prefixes = (RULES_URL, DICTIONARY_LINK.url)
    guide = [
        page for page in pages if page.path in theme_paths or page.path.startswith(guide_prefixes)
    ]
    lists = {f"site.{_short_name(page.path)}": page for page in pages if page not in guide}
    groups = {name: _Group(_category(page.path), (page,)) for name, page in lists.items()}
    return {_GUIDE: _Group(GUIDE, tuple(guide)), **groups}


def _category(path: str) -> str:
    """Return the 类别 of a page; the open-data page changes with the data and yet is no list."""
    return GUIDE if path.startswith(DATA_LINK.url) else LISTS


def _short_name(path: str) -> str:
    """Return the group name of a list page: home, units, years-2022."""
    return path.removesuffix("index.html").strip("/").replace("/", "-") or "home"


def _search_sources(group: _Group, workspace: Workspace) -> Iterator[SourcePage]:
    for page in group.pages:
        html = _current_path(page.path, workspace).read_text("utf-8")
        yield SourcePage(page.path.removesuffix("index.html"), html, PageFacts(group.category))


def _current_path(path: str, workspace: Workspace) -> Path:
    """Return where a file lies: in the staging folder if it is new or changed, else in the site."""
    pending = workspace.pending / path
    return pending if pending.is_file() else workspace.site / path
