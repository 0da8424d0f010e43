"""Run `gongkai` without search index, data files and API, which are measured separately.

`python -m tests.benchmarks.bare build …` is the measured cold build; `render …` writes the Markdown
for the other builders. The pages are unchanged. `--search` before the command keeps the index.
"""

import sys
from typing import Any

from gongkai.build import pipeline, site_pages, unit
from gongkai.cli import main
from gongkai.search import index


def _empty_tuple(*_: Any) -> tuple[()]:
    return ()


def _no_texts(*_: Any) -> tuple[None, tuple[()]]:
    return None, ()


def _empty_mapping(*_: Any) -> dict[str, Any]:
    return {}


_SEARCH_FUNCTIONS = {"write_search_texts", "index_site_pages", "build_site_index"}


def disable_exports(*, search: bool) -> None:
    """Replace the functions in this process and its forks; keep those of the index if `search`."""
    for module, name, replacement in (
        (unit, "unit_side_files", _empty_tuple),
        (unit, "write_search_texts", _no_texts),
        (site_pages, "list_side_files", _empty_tuple),
        (site_pages, "site_side_files", _empty_tuple),
        (site_pages, "site_assets", _empty_tuple),
        (pipeline, "index_site_pages", _empty_mapping),
        (index, "build_site_index", _empty_tuple),
    ):
        assert hasattr(module, name), name
        if not (search and name in _SEARCH_FUNCTIONS):
            setattr(module, name, replacement)


if __name__ == "__main__":
    with_search = sys.argv[1:2] == ["--search"]
    del sys.argv[1 : 1 + with_search]
    disable_exports(search=with_search)
    main()
